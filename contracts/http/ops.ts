import { z } from 'zod';
import { anyCaseId, normalizeId } from '../../lib/ids/ids';

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const queue = z.string().min(1).max(255);

/** Of the message: a UUID of ours, or whatever somebody else's broker client chose. */
const letterIds = z.array(z.string().overwrite(normalizeId)).min(1).max(1_000);

const letterFilter = {
  queue: queue.optional(),
  reason: z.string().max(255).optional(),
  type: z.string().max(255).optional(),
  /** Only those that died before this time. */
  before: time.optional(),
};

/** `GET /ops/dead-letters` */
export const deadLetterQuery = z.strictObject(letterFilter);

/** `POST /ops/dead-letters/redrive` */
export const redriveRequest = z
  .strictObject({
    ...letterFilter,
    ids: letterIds.optional(),
    /** Only try whether the handlers would take them now, and take everything back. */
    dryRun: z.boolean().default(false),
    /** Also letters of which the broker cannot prove that their consumer has written them: look at them first. */
    anyOrigin: z.boolean().default(false),
    /** Replaces the data of the one letter that is named. */
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ data, ids }) => data === undefined || ids?.length === 1, {
    message: 'data replaces the body of one letter: name it in ids',
    path: ['data'],
  });

/** `POST /ops/dead-letters/discard`: never everything by mistake. */
export const discardRequest = z
  .strictObject({ ...letterFilter, ids: letterIds.optional() })
  .refine(
    (filter) => Object.values(filter).some((value) => value !== undefined),
    'say which: queue, reason, type, before or ids',
  );

const deadLetter = z.strictObject({
  id: z.string(),
  queue: z.string(),
  type: z.string(),
  reason: z.string(),
  stream: z.string().optional(),
  version: z.int().optional(),
  attempts: z.int(),
  redrives: z.int(),
  firstFailedAt: z.string().optional(),
  firstError: z.string().optional(),
  lastFailedAt: z.string().optional(),
  lastError: z.string().optional(),
  stack: z.string().optional(),
  correlationId: z.string().optional(),
  body: z.string(),
});
export const deadLettersResponse = z.strictObject({
  groups: z.array(z.strictObject({ queue: z.string(), reason: z.string(), type: z.string(), count: z.int() })),
  items: z.array(deadLetter),
});
export type DeadLettersResponse = z.infer<typeof deadLettersResponse>;

export const redriveResponse = z.strictObject({
  matched: z.int(),
  /** It failed again, or nobody knows: what came after was left where it is. */
  stopped: z.boolean(),
  letters: z.array(
    z.strictObject({
      id: z.string(),
      queue: z.string(),
      outcome: z.enum(['applied', 'waits', 'failed', 'unknown', 'untrusted', 'would work', 'would fail']),
      why: z.string().optional(),
    }),
  ),
});
export type RedriveResponse = z.infer<typeof redriveResponse>;

export const discardResponse = z.strictObject({ discarded: z.int() });

export const parkedQuery = z.strictObject({ queue: queue.optional() });
export const parkedResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      queue: z.string(),
      subscription: z.string(),
      stream: z.string(),
      version: z.int(),
      reached: z.int(),
      eventId: z.string(),
      type: z.string(),
      reason: z.string(),
      parkedAt: z.iso.datetime(),
    }),
  ),
});
export type ParkedResponse = z.infer<typeof parkedResponse>;

const stream = z.string().min(1).max(255);
const eventId = z.string().min(1).max(255).overwrite(normalizeId);
const why = z.string().trim().min(1).max(500);

/** `POST /ops/parked/release`: the first event of a stream, or this one. */
export const releaseRequest = z.strictObject({ queue, stream, id: eventId.optional() });
export const releaseResponse = z.strictObject({ skippedVersions: z.int() });

/** `POST /ops/parked/discard` */
export const parkedDiscardRequest = z.strictObject({ queue, stream, id: eventId, reason: why });

/** `GET /ops/consumers` */
export const consumersResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      queue: z.string(),
      state: z
        .enum(['flowing', 'held', 'elsewhere'])
        .describe('held: it waits for a system that is away; elsewhere: no consumer of it runs in this process'),
      reason: z.string().optional(),
      heldSince: z.iso.datetime().optional(),
    }),
  ),
});
export type ConsumersResponse = z.infer<typeof consumersResponse>;

const service = z.string().min(1).max(50);
export const outboxResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      exchange: z.string(),
      paused: z.boolean(),
      unpublished: z.int(),
      oldestUnpublishedSeconds: z.number(),
      oldestHeldBackSeconds: z.number(),
      /** The open transaction that has held events back for more than 30 s; what PostgreSQL hides is absent. */
      heldBackBy: z
        .strictObject({
          pid: z.int().optional(),
          application: z.string(),
          user: z.string(),
          state: z.string(),
          transactionSeconds: z.number().optional(),
          querySeconds: z.number().optional(),
        })
        .optional(),
      oldestRefusedSeconds: z.number(),
      /** Events that no message could be made of. */
      parked: z.int(),
      /** Events that some queue did not take, to be tried again. */
      refused: z.int(),
      cursor: z.int(),
      owner: z.string(),
      leaseExpires: z.iso.datetime(),
    }),
  ),
});
export type OutboxResponse = z.infer<typeof outboxResponse>;

/** `POST /ops/outbox/pause` and `/resume` */
export const outboxRequest = z.strictObject({ service });
export const pausedResponse = z.strictObject({ service: z.string(), paused: z.boolean() });

/** `POST /ops/outbox/replay`: from a place in the log, a time or a version of one stream; to everybody, or to one queue. */
export const replayRequest = z
  .strictObject({
    service,
    position: z.int().min(0).optional(),
    time: time.optional(),
    stream: stream.optional(),
    version: z.int().min(1).optional(),
    queue: queue.optional(),
  })
  .refine(
    ({ position, time: at, stream: one }) => [position, at, one].filter((given) => given !== undefined).length === 1,
    'give a position, a time or a stream',
  )
  .refine(({ stream: one, version }) => version === undefined || one !== undefined, {
    message: 'a version is one of a stream: name it',
    path: ['version'],
  });
export const replayResponse = z.strictObject({
  published: z.int(),
  /** Committed before the replay began, but not yet published by the relay: not replayed, and published once later. */
  unpublished: z.int(),
  /** Of those: held back by a transaction that is still open. */
  heldBack: z.int(),
  /** Events that no message can be made of. */
  parked: z.int(),
});
export type ReplayResponse = z.infer<typeof replayResponse>;

/** `GET /ops/outbox/parked`: what could not be published. */
export const unpublishedQuery = z.strictObject({ service: service.optional() });
export const unpublishedResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      position: z.int(),
      eventId: z.string(),
      stream: z.string(),
      version: z.int(),
      type: z.string(),
      /** No message can be made of it, or some queue refuses it. */
      state: z.enum(['parked', 'refused']),
      reason: z.string(),
      /** When it was parked; for a refused one, when it is tried again. */
      time: z.iso.datetime(),
    }),
  ),
});
export type UnpublishedResponse = z.infer<typeof unpublishedResponse>;

/** `POST /ops/outbox/parked/retry` */
export const unpublishedRetryRequest = z.strictObject({ service, id: anyCaseId });
/** `POST /ops/outbox/parked/discard` */
export const unpublishedDiscardRequest = z.strictObject({ service, id: anyCaseId, reason: why });
export const unpublishedTaken = z.strictObject({
  stream: z.string(),
  version: z.int(),
  type: z.string(),
  state: z.enum(['parked', 'refused']),
});
export type UnpublishedTaken = z.infer<typeof unpublishedTaken>;

/** `GET /ops/audit`: the newest first. */
export const auditQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });
export const auditResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      time: z.iso.datetime(),
      actor: z.string(),
      action: z.string(),
      target: z.string(),
      request: z.unknown(),
      outcome: z.unknown(),
    }),
  ),
});

const saga = z.strictObject({
  workflowId: z.string(),
  orderId: z.string(),
  execution: z.string(),
  status: z.string().optional(),
  /** The activity that waits for an operator. */
  stuckStep: z.string().optional(),
  startedAt: z.iso.datetime(),
});

/** `GET /ops/sagas`: those that wait for an operator. */
export const sagasResponse = z.strictObject({ items: z.array(saga) });
export type SagasResponse = z.infer<typeof sagasResponse>;

/** `GET /ops/sagas/:orderId` */
export const sagaResponse = saga.extend({
  undos: z.array(z.string()),
  stuck: z.strictObject({ step: z.string(), why: z.string(), since: z.iso.datetime() }).optional(),
});
export type SagaResponse = z.infer<typeof sagaResponse>;

/** `POST /ops/sagas/:orderId/decide`: leaving a step out, or giving its result by hand, needs a reason. */
export const sagaDecision = z
  .strictObject({
    action: z.enum(['retry', 'skip', 'resolve']),
    /** Only when the saga still waits at this step. */
    step: z.string().min(1).max(100).optional(),
    reason: z.string().min(1).max(500).optional(),
    result: z.unknown().optional(),
  })
  .refine(({ action, reason }) => action === 'retry' || reason !== undefined, {
    message: 'say why',
    path: ['reason'],
  });
export type SagaDecision = z.infer<typeof sagaDecision>;

/** `POST /ops/sagas/:orderId/restart` */
export const sagaRestart = z.strictObject({ reason: z.string().min(1).max(500) });

export const sagaDecided = z.strictObject({ orderId: z.string(), action: z.string() });

/**
 * Kinds of difference that can be settled for good: those that stay as they are, so that nothing that goes wrong later is
 * hidden. Every other one is repaired.
 */
export const settleableKinds = ['parcel-kept'] as const;

/** `POST /ops/drift/:orderId/settle` */
export const driftSettlement = z.strictObject({
  /** As `sagaworks audit` names it. */
  kind: z.enum(settleableKinds),
  reason: z.string().min(1).max(500),
});
export const driftSettled = z.strictObject({ orderId: z.string(), kind: z.enum(settleableKinds) });
