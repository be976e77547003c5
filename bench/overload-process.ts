import { randomUUID } from 'node:crypto';
import { closedLoop, openLoop, type Load, type Target } from './load';
import { setting } from './once';

export interface OverloadReport {
  full: Load;
  over: Load;
  after: Load;
}

/** As many at once as an API process always admits. */
const fullLoad = { connections: 128, seconds: 10 };
const [overloadSeconds, overloadConnections, times] = [Number(setting('OVERLOAD_SECONDS')), 512, 4];

/**
 * The clients: full load, then a multiple of its rate, then full load again; one follows the other at once. They run in a
 * process of their own, so that nothing else of the measurement delays them.
 */
async function main(): Promise<void> {
  const target: Target = { url: setting('TARGET_URL'), request: placing() };
  await closedLoop(target, fullLoad); // Warms the API up.
  const full = await closedLoop(target, fullLoad);
  const perSecond = Math.round((full.acceptedMs.length / full.seconds) * times);
  const over = await openLoop(target, { connections: overloadConnections, seconds: overloadSeconds, perSecond });
  const after = await closedLoop(target, fullLoad);
  process.send?.({ full, over, after } satisfies OverloadReport);
}

/** Orders, each with a key of its own. */
function placing(): Target['request'] {
  const order = setting('ORDER');
  const head = [
    'POST /orders HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(order)}`,
    `authorization: Bearer ${setting('TOKEN')}`,
    'idempotency-key: ',
  ].join('\r\n');
  return () => `${head}${randomUUID()}\r\n\r\n${order}`;
}

void main();
