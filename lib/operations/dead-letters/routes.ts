import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Operations } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';
import type { DeadLetter } from './dead-letters';

const listDeadLetters = createRoute({
  operationId: 'listDeadLetters',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/dead-letters',
  summary: 'List dead letters, with counts by queue, reason and type',
  request: { query: contract.deadLetterQuery },
  responses: { 200: jsonAnswer(contract.deadLettersResponse, 'Dead letters'), ...refusals },
});
const redriveDeadLetters = createRoute({
  operationId: 'redriveDeadLetters',
  ...shared('ops:redrive'),
  method: 'post',
  path: '/ops/dead-letters/redrive',
  summary: 'Redrive dead letters: one first, then the rest in chunks, until one fails again',
  request: { body: jsonBody(contract.redriveRequest) },
  responses: { 200: jsonAnswer(contract.redriveResponse, 'The outcome for each'), ...bodyRefusals },
});
const discardDeadLetters = createRoute({
  operationId: 'discardDeadLetters',
  ...shared('ops:discard'),
  method: 'post',
  path: '/ops/dead-letters/discard',
  summary: 'Discard dead letters; the audit log records which',
  request: { body: jsonBody(contract.discardRequest) },
  responses: { 200: jsonAnswer(contract.discardResponse, 'How many were discarded'), ...bodyRefusals },
});

/** Listing, redriving and discarding dead letters. */
export function addDeadLetterRoutes(routes: ReturnType<typeof createRoutes>, operations: Operations): void {
  routes.openapi(listDeadLetters, async (c) => {
    const items = await operations.deadLetters(c.req.valid('query'));
    return c.json({ groups: grouped(items), items }, 200);
  });
  routes.openapi(redriveDeadLetters, async (c) => {
    const { dryRun, data, anyOrigin, all: _, ...filter } = c.req.valid('json');
    if (!dryRun) return c.json(await operations.redrive(filter, data, anyOrigin), 200);
    const tried = await operations.dryRun(filter, data);
    const letters = tried.map(({ works, ...rest }) => ({
      ...rest,
      outcome: works ? ('would work' as const) : ('would fail' as const),
    }));
    return c.json({ matched: letters.length, stopped: false, letters }, 200);
  });
  routes.openapi(discardDeadLetters, async (c) =>
    c.json({ discarded: await operations.discard(c.req.valid('json')) }, 200),
  );
}

/** Counts by queue, reason and type; the largest first. */
function grouped(deadLetters: readonly DeadLetter[]) {
  const groups = new Map<string, { queue: string; reason: string; type: string; count: number }>();
  for (const { queue, reason, type } of deadLetters) {
    const key = JSON.stringify([queue, reason, type]);
    const group = groups.get(key) ?? { queue, reason, type, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
