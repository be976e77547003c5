import { createRoute } from '@hono/zod-openapi';
import * as contract from '../../contracts/http/ops';
import { operatorOnly } from '../http/auth';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../http/routes';
import type { Desk } from './operations';
import type { DeadLetter } from './dead-letters/dead-letters';
import { addUnpublishedRoutes } from './outbox/unpublished-routes';

const shared = { tags: ['ops'], middleware: operatorOnly };
const refusals = problems(400, 401, 403, 404, 409, 503);
const bodyRefusals = { ...refusals, ...problems(413, 415) };

const listDeadLetters = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/dead-letters',
  summary: 'Dead letters, and how many there are of each queue, reason and type',
  request: { query: contract.deadLetterQuery },
  responses: { 200: jsonAnswer(contract.deadLettersResponse, 'Dead letters'), ...refusals },
});
const redriveDeadLetters = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/dead-letters/redrive',
  summary: 'Bring dead letters back: one first, then the rest, until one fails again',
  request: { body: jsonBody(contract.redriveRequest) },
  responses: { 200: jsonAnswer(contract.redriveResponse, 'What became of each'), ...bodyRefusals },
});
const discardDeadLetters = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/dead-letters/discard',
  summary: 'Throw dead letters away; the audit keeps them',
  request: { body: jsonBody(contract.discardRequest) },
  responses: { 200: jsonAnswer(contract.discardResponse, 'How many'), ...bodyRefusals },
});
const listParked = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/parked',
  summary: 'Events that wait: for a predecessor, or for a deploy',
  request: { query: contract.parkedQuery },
  responses: { 200: jsonAnswer(contract.parkedResponse, 'Parked events'), ...refusals },
});
const releaseParked = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/parked/release',
  summary: 'Go on in a stream without what is missing',
  request: { body: jsonBody(contract.releaseRequest) },
  responses: { 200: jsonAnswer(contract.releaseResponse, 'How many versions were skipped'), ...bodyRefusals },
});
const discardParked = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/parked/discard',
  summary: 'Give up one parked event; its successors go on',
  request: { body: jsonBody(contract.parkedDiscardRequest) },
  responses: {
    200: jsonAnswer(contract.releaseResponse, 'How many missing versions were skipped, too'),
    ...bodyRefusals,
  },
});
const listConsumers = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/consumers',
  summary: 'Queues, and which are held because a system that they need is away',
  responses: { 200: jsonAnswer(contract.consumersResponse, 'The queues'), ...refusals },
});
const showOutbox = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/outbox',
  summary: 'Every log and its relay',
  responses: { 200: jsonAnswer(contract.outboxResponse, 'The logs'), ...refusals },
});
const pauseOutbox = (verb: 'pause' | 'resume') =>
  createRoute({
    ...shared,
    method: 'post',
    path: `/ops/outbox/${verb}`,
    summary: verb === 'pause' ? 'Publish nothing of a log until it is resumed' : 'Publish again',
    request: { body: jsonBody(contract.outboxRequest) },
    responses: { 200: jsonAnswer(contract.pausedResponse, 'Done'), ...bodyRefusals },
  });
const replayOutbox = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/outbox/replay',
  summary: 'Publish again what was published before, all or one stream, to everybody or to one queue',
  request: { body: jsonBody(contract.replayRequest) },
  responses: { 200: jsonAnswer(contract.replayResponse, 'How many events'), ...bodyRefusals },
});
const showAudit = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/audit',
  summary: 'What operators did, the newest first',
  request: { query: contract.auditQuery },
  responses: { 200: jsonAnswer(contract.auditResponse, 'The audit'), ...refusals },
});

/** What operators see and do, over HTTP. */
export function createOpsRoutes(desk: Desk) {
  const routes = createRoutes();

  routes.openapi(listDeadLetters, async (c) => {
    const items = await desk.deadLetters(c.req.valid('query'));
    return c.json({ groups: grouped(items), items }, 200);
  });
  routes.openapi(redriveDeadLetters, async (c) => {
    const { dryRun, data, anyOrigin, ...filter } = c.req.valid('json');
    if (!dryRun) return c.json(await desk.redrive(filter, data, anyOrigin), 200);
    const tried = await desk.rehearse(filter, data);
    const letters = tried.map(({ works, ...rest }) => ({
      ...rest,
      outcome: works ? ('would work' as const) : ('would fail' as const),
    }));
    return c.json({ matched: letters.length, stopped: false, letters }, 200);
  });
  routes.openapi(discardDeadLetters, async (c) => c.json({ discarded: await desk.discard(c.req.valid('json')) }, 200));

  routes.openapi(listParked, async (c) => {
    const items = await desk.parked(c.req.valid('query').queue);
    return c.json({ items: items.map((item) => ({ ...item, parkedAt: item.parkedAt.toISOString() })) }, 200);
  });
  routes.openapi(releaseParked, async (c) => {
    const { queue, stream, id } = c.req.valid('json');
    return c.json({ skippedVersions: await desk.release(queue, stream, id) }, 200);
  });
  routes.openapi(discardParked, async (c) => {
    const { queue, stream, id, reason } = c.req.valid('json');
    return c.json({ skippedVersions: await desk.discardParked(queue, stream, id, reason) }, 200);
  });

  routes.openapi(listConsumers, (c) => {
    const items = desk.consumers().map(({ since, ...consumer }) => ({
      ...consumer,
      ...(since ? { heldSince: since.toISOString() } : {}),
    }));
    return c.json({ items }, 200);
  });

  routes.openapi(showOutbox, async (c) => {
    const items = (await desk.outbox()).map(({ log: { service, exchange }, status }) => ({
      service,
      exchange,
      ...status,
      leaseExpires: status.leaseExpires.toISOString(),
    }));
    return c.json({ items }, 200);
  });
  for (const verb of ['pause', 'resume'] as const) {
    routes.openapi(pauseOutbox(verb), async (c) => {
      const { service } = c.req.valid('json');
      await desk.pause(service, verb === 'pause');
      return c.json({ service, paused: verb === 'pause' }, 200);
    });
  }
  routes.openapi(replayOutbox, async (c) => {
    const { service, queue, stream, version, ...from } = c.req.valid('json');
    const replayed =
      stream === undefined
        ? await desk.replay(service, from, queue)
        : await desk.replayStream(service, stream, { version, queue });
    return c.json(replayed, 200);
  });

  addUnpublishedRoutes(routes, desk);

  routes.openapi(showAudit, async (c) => {
    const entries = await desk.audit(c.req.valid('query').limit);
    return c.json({ items: entries.map((entry) => ({ ...entry, time: entry.time.toISOString() })) }, 200);
  });
  return routes;
}

/** How many letters there are of each queue, reason and type; the most first. */
function grouped(letters: readonly DeadLetter[]) {
  const groups = new Map<string, { queue: string; reason: string; type: string; count: number }>();
  for (const { queue, reason, type } of letters) {
    const key = JSON.stringify([queue, reason, type]);
    const group = groups.get(key) ?? { queue, reason, type, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
