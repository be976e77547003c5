import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Desk } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';
import type { DeadLetter } from './dead-letters';

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

/** Looking at dead letters, bringing them back, throwing them away. */
export function addDeadLetterRoutes(routes: ReturnType<typeof createRoutes>, desk: Desk): void {
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
