import type { Client } from '@temporalio/client';
import type { Explanation } from '../../contracts/http/explanation';
import { effectKey, orderWorkflowId, returnWorkflowId, searchAttributes } from '../../contracts/saga/order';
import type { Fact } from '../../lib/aggregate/aggregate';
import { platformError } from '../../lib/errors/errors';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { selectPublished } from '../../lib/eventlog/trace-store';
import { isId } from '../../lib/ids/ids';
import { selectConsumed } from '../../lib/inbox/trace-store';
import type { DeadLetter } from '../../lib/operations/dead-letters/dead-letters';
import type { Log, Reader } from '../../lib/operations/readers';
import { selectAuditOf } from '../../lib/operations/store';
import type { Trace, TraceReader } from '../../lib/service/trace';
import { redact } from '../../lib/telemetry/redact';
import { order as orders, type Order, type OrderEvent } from '../../services/orders/domain';
import { afterTheirEvents } from './after-events';
import { createAsking, type Asking } from './ask';
import { consumed, hears, missingFrom } from './consumed';
import { wordsFor } from './event-words';
import { bareId, findOrder } from './find-order';
import type { Happening } from './happening';
import { ledgerOf } from './ledger';
import { operated } from './operated';
import { relayed } from './relayed';
import { traceSaga, type SagaTrace } from './saga-history';
import { summaryOf } from './summary';
import { timelineOf } from './timeline';

/** What an order is explained from: everything that this process can ask. */
export interface ExplainOptions {
  traces: readonly TraceReader[];
  logs: readonly Pick<Log, 'service' | 'exchange' | 'db'>[];
  readers: readonly Pick<Reader, 'service' | 'queue' | 'subscription' | 'db'>[];
  /** Without it, the saga is told from the records of the services. */
  client?: Client | undefined;
  /** The dead letters of a queue with these ids. */
  deadLettersOf: (queue: string, ids: readonly string[]) => Promise<DeadLetter[]>;
  /** What this process cannot ask, and why. */
  notHere?: readonly { source: string; reason: string }[];
}

/** Explains an order. @throws `not-found` when nobody knows the id; `unavailable` when those who may could not be asked. */
export type ExplainOrder = (id: string) => Promise<Explanation>;

/** How long Temporal may take. */
const temporalMs = 3_500;
/** The lines of a timeline, at most; of more, the first and the last are kept. */
const [firstLines, lastLines] = [300, 700];
/** The steps by which the services name their effects. */
const effectSteps = ['reserve', 'authorize', 'book', 'capture', 'ship', 'return'];

/** Whose records the ledger is made of. */
const bookkeepers = ['orders', 'payments', 'inventory'];

type Traced = Trace & { source: string };

export const createExplainOrder =
  (options: ExplainOptions): ExplainOrder =>
  async (text) => {
    const asking = createAsking();
    const id = bareId(text);
    const orderId = (await findOrder(asking, id, options)) ?? (mayBeOrder(id, asking) ? id : undefined);
    if (orderId === undefined) throw platformError('not-found', `Nothing here has the id ${id}`);
    const [traces, saga] = await Promise.all([
      Promise.all(options.traces.map((trace) => readTrace(asking, trace, orderId))).then((all) => all.flat()),
      readSaga(asking, options, orderId),
    ]);
    const events = traces.flatMap((trace) => trace.events.map((event) => ({ ...event, source: trace.source })));
    if (events.length === 0) throw unknownOrUnavailable(id, asking);
    const targets = [orderId, orderWorkflowId(orderId), returnWorkflowId(orderId), ...emailIdsOf(traces)];
    const [around, decided] = await Promise.all([
      readAround(asking, options, events),
      readOperators(asking, options, targets),
    ]);
    return compose(orderId, { traces, events, saga, happened: [...around, ...decided] }, [
      ...(options.notHere ?? []),
      ...asking.unavailable(),
      ...(saga.isGone
        ? [{ source: 'saga', reason: 'Temporal no longer has it; its steps are told by the services' }]
        : []),
    ]);
  };

/** Whether an id may be an order's, although the order service could not say so. */
const mayBeOrder = (id: string, { unavailable }: Asking): boolean => isId(id) && unavailable().length > 0;

function unknownOrUnavailable(id: string, { unavailable }: Asking): Error {
  const silent = unavailable().map(({ source }) => source);
  if (silent.length === 0) return platformError('not-found', `Nothing here has the id ${id}`);
  return platformError('unavailable', `Nobody who could be asked knows ${id}; not asked: ${silent.join(', ')}`);
}

async function readTrace({ ask }: Asking, trace: TraceReader, orderId: string): Promise<Traced[]> {
  const read = await ask(trace.source, () => trace.read(orderId));
  return read ? [{ ...read, source: trace.source }] : [];
}

interface ReadSaga extends SagaTrace {
  /** Temporal answered that it has no saga of this order. */
  isGone: boolean;
}

async function readSaga({ ask }: Asking, { client, traces }: ExplainOptions, orderId: string): Promise<ReadSaga> {
  const stuckAttribute = searchAttributes.stuck;
  const read = (workflowId: string) =>
    client &&
    traceSaga(client, workflowId, ({ typedSearchAttributes: found }) => found.get(stuckAttribute), temporalMs);
  const found = await ask('temporal', async () =>
    Promise.all([read(orderWorkflowId(orderId)), read(returnWorkflowId(orderId))]),
  );
  const known = (found ?? []).flatMap((one) => one ?? []);
  if (known[0] && found?.[0])
    return {
      happened: known.flatMap(({ happened }) => happened),
      stuck: known.find(({ stuck }) => stuck !== undefined)?.stuck,
      isGone: false,
    };
  const keys = effectSteps.map((step) => effectKey(orderId, step));
  const effects = await Promise.all(
    traces.map(async ({ source, effects: select }) => (select && (await ask(source, () => select(keys)))) ?? []),
  );
  const steps = effects.flat().map(({ key, state, at }): Happening => {
    const step = key.slice(key.lastIndexOf('/') + 1);
    return { at, source: 'saga', kind: `step-${state}`, text: `Step "${step}" ${state}` };
  });
  const isGone = client !== undefined && found !== undefined;
  return { happened: [...steps, ...known.flatMap(({ happened }) => happened)], isGone };
}

type SourcedEvent = RecordedEvent & { source: string };

/** What became of the events: on their way to the broker, and at each consumer. */
async function readAround(
  { ask }: Asking,
  { logs, readers, deadLettersOf }: ExplainOptions,
  events: readonly SourcedEvent[],
): Promise<Happening[]> {
  const ofLogs = logs.map(async ({ service, exchange, db }) => {
    const own = events.filter(({ source }) => source === service);
    if (own.length === 0) return [];
    const positions = own.map(({ position }) => position);
    const published = await ask(service, () => selectPublished(db, exchange, positions));
    return published ? relayed(service, own, published) : [];
  });
  const ofReaders = readers.map(async ({ service, queue, subscription, db }) => {
    const { producer } = subscription.exchange;
    const heard = events.filter(({ source, type }) => source === producer && hears(subscription, type));
    if (heard.length === 0) return [];
    // Streams of a stock or a product are about many orders.
    const streams = [...new Set(heard.map(({ stream }) => stream))];
    const ids = heard.map((event) => event.id);
    const state = await ask(service, () => selectConsumed(db, subscription.name, { streams, ids }));
    if (!state) return [];
    const consumer = { service, queue, subscription };
    const missing = missingFrom(consumer, heard, state).map((event) => event.id);
    const dead = missing.length === 0 ? [] : await ask('dead letters', () => deadLettersOf(queue, missing));
    return consumed(consumer, heard, state, dead ?? []);
  });
  return (await Promise.all([...ofLogs, ...ofReaders])).flat();
}

async function readOperators(
  { ask }: Asking,
  { logs, readers }: ExplainOptions,
  targets: readonly string[],
): Promise<Happening[]> {
  const databases = new Map([...readers, ...logs].map(({ service, db }) => [service, db]));
  const found = Array.from(databases, ([service, db]) => ask(service, () => selectAuditOf(db, targets)));
  return (await Promise.all(found)).flatMap((entries) => (entries ?? []).map(operated));
}

interface Gathered {
  traces: readonly Traced[];
  events: readonly SourcedEvent[];
  saga: SagaTrace;
  happened: readonly Happening[];
}

function compose(
  orderId: string,
  { traces, events, saga, happened }: Gathered,
  unavailable: Explanation['unavailable'],
): Explanation {
  const order = foldOrder(events.filter(({ source }) => source === 'orders'));
  const isErased = traces.some((trace) => trace.isErased);
  const recorded = events.map((event) => fromEvent(event, order?.userId));
  const all = [
    ...recorded,
    ...traces.flatMap(({ source, notes }) => notes.map((note) => ({ ...note, source }))),
    ...afterTheirEvents(saga.happened, recorded, 'saga'),
    ...happened,
  ].map((one) => withoutPeople(one, isErased));
  const lines = timelineOf(all);
  const kept =
    lines.length > firstLines + lastLines ? [...lines.slice(0, firstLines), ...lines.slice(-lastLines)] : lines;
  const unasked = bookkeepers.filter((one) => !traces.some(({ source }) => source === one));
  const ledger = ledgerOf(events, order, { gateway: gatewayBalance(traces), unasked });
  const emailsUnknown = !traces.some(({ source }) => source === 'email');
  const created = events.find(({ type }) => type === 'order.created');
  return {
    orderId,
    summary: summaryOf({ order, happened: all, ledger, stuck: saga.stuck, emailsUnknown, isErased }),
    status: order?.status ?? 'unknown',
    timeline: kept.map(({ at, gapMs, source, kind, text, actor, why, details }) => ({
      ...{ at: at.toISOString(), gapMs, source, kind, text },
      ...(actor === undefined ? {} : { actor }),
      ...(why === undefined ? {} : { why }),
      ...(details === undefined ? {} : { details }),
    })),
    ledger,
    ids: {
      order: orderId,
      workflow: orderWorkflowId(orderId),
      ...(created ? { correlation: created.metadata.correlationId } : {}),
      payments: idsIn(events, 'paymentId'),
      shipments: idsIn(events, 'shipmentId'),
      emails: emailIdsOf(traces),
    },
    unavailable,
    omitted: lines.length - kept.length + traces.reduce((sum, { omitted }) => sum + omitted, 0),
  };
}

/** The reader of the order service has brought its events to today's version. */
const foldOrder = (events: readonly RecordedEvent[]): Order | undefined =>
  events.reduce<Order | undefined>((before, event) => orders.evolve(before, event as Fact<OrderEvent>), undefined);

function fromEvent(event: SourcedEvent, userId: string | undefined): Happening {
  const { id, stream, version, type, time, metadata, source, data } = event;
  const { text, why } = wordsFor(event);
  const { actor, causationId } = metadata;
  const { dropped } = data as { dropped?: string[] };
  return {
    ...{ at: time, source, kind: type, text, id, stream, version },
    ...(why === undefined ? {} : { why }),
    ...(actor === undefined ? {} : { actor: actor === userId ? 'customer' : actor }),
    ...(causationId === undefined ? {} : { after: causationId }),
    details: { eventId: id, stream, version, ...(dropped === undefined ? {} : { dropped }) },
  };
}

/** Errors may quote what they were about; and nothing that was written about an erased person is shown. */
function withoutPeople({ why, ...rest }: Happening, isErased: boolean): Happening {
  return why === undefined || isErased ? rest : { ...rest, why: redact(why) };
}

/** What the gateway has captured and not refunded; undefined when it could not be asked, or knows nothing. */
function gatewayBalance(traces: readonly Traced[]): number | undefined {
  const gateway = traces.find(({ source }) => source === 'gateway');
  return gateway?.notes
    .filter(({ kind, details }) => kind === 'capture' && details?.['outcome'] === 'approved')
    .reduce((sum, { details }) => sum + Number(details?.['amount'] ?? 0), 0);
}

const idsIn = (events: readonly RecordedEvent[], field: string): string[] => [
  ...new Set(events.flatMap(({ data }) => (data as Record<string, string | undefined>)[field] ?? [])),
];

const emailIdsOf = (traces: readonly Traced[]): string[] => [
  ...new Set(
    traces
      .filter(({ source }) => source === 'email')
      .flatMap(({ notes }) => notes.map(({ details }) => String(details?.['notificationId']))),
  ),
];
