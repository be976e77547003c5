import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Desk } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';

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

/** Looking at logs and their relays, pausing them, and publishing again. */
export function addOutboxRoutes(routes: ReturnType<typeof createRoutes>, desk: Desk): void {
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
}
