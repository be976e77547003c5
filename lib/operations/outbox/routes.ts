import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Operations } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';

const showOutbox = createRoute({
  operationId: 'listEventLogs',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/outbox',
  summary: 'List the event logs and their relays',
  responses: { 200: jsonAnswer(contract.outboxResponse, 'The logs'), ...refusals },
});
const pauseOutbox = (verb: 'pause' | 'resume') =>
  createRoute({
    operationId: verb === 'pause' ? 'pauseRelay' : 'resumeRelay',
    ...shared('ops:relay'),
    method: 'post',
    path: `/ops/outbox/${verb}`,
    summary:
      verb === 'pause' ? 'Pause a relay: nothing of its log is published until it is resumed' : 'Resume a paused relay',
    request: { body: jsonBody(contract.outboxRequest) },
    responses: { 200: jsonAnswer(contract.pausedResponse, 'Done'), ...bodyRefusals },
  });
const replayOutbox = createRoute({
  operationId: 'replayEvents',
  ...shared('ops:redrive'),
  method: 'post',
  path: '/ops/outbox/replay',
  summary: 'Replay published events, of the whole log or one stream, to all queues or one',
  request: { body: jsonBody(contract.replayRequest) },
  responses: { 200: jsonAnswer(contract.replayResponse, 'How many events'), ...bodyRefusals },
});

/** Showing, pausing, resuming and replaying the logs and their relays. */
export function addOutboxRoutes(routes: ReturnType<typeof createRoutes>, operations: Operations): void {
  routes.openapi(showOutbox, async (c) => {
    const items = (await operations.outbox()).map(({ log: { service, exchange }, status }) => ({
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
      await operations.pause(service, verb === 'pause');
      return c.json({ service, paused: verb === 'pause' }, 200);
    });
  }
  routes.openapi(replayOutbox, async (c) => {
    const { service, queue, stream, version, ...from } = c.req.valid('json');
    const replayed =
      stream === undefined
        ? await operations.replay(service, from, queue)
        : await operations.replayStream(service, stream, { version, queue });
    return c.json(replayed, 200);
  });
}
