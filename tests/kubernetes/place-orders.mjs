// Runs in the cluster while it is disturbed: places orders at a steady rate until SIGTERM, follows each to its end, and
// prints a line of JSON for each. Then it waits for the orders that have not ended, as long as some of them
// end: it gives up when none has for two minutes.
const { API_URL: api, SAGAWORKS_TOKEN: token, PER_SECOND: perSecond = '3' } = process.env;
const stamp = Date.now();
const sku = `LOAD-${stamp}`;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
let isStopping = false;
process.on('SIGTERM', () => (isStopping = true));

async function call(method, path, body, more = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
  const signal = AbortSignal.timeout(10_000);
  try {
    const answer = await fetch(api + path, {
      method,
      headers,
      signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: await answer.json() };
  } catch (error) {
    return { status: 0, body: `${error.name}: ${error.cause?.code ?? error.message}` };
  }
}

/** Repeats a request until its answer is as wanted. Reports each answer that is not, unless it is expected. */
async function until(wanted, request, { expects = [], report = () => undefined } = {}) {
  for (let tries = 1; ; tries += 1) {
    const answer = await request();
    if (wanted(answer)) return answer.body;
    if (!expects.includes(answer.status)) report({ status: answer.status, body: answer.body });
    if (tries > 600) throw new Error(`Gave up: ${answer.status} ${JSON.stringify(answer.body)}`);
    await sleep(200);
  }
}

const isCreated = ({ status }) => status === 201;
const user = { email: `load-${stamp}@example.com`, name: 'Load' };
const { userId } = await until(isCreated, () => call('POST', '/users', user));
const product = { sku, name: 'Tea', price: { amount: 1250, currency: 'EUR' }, stock: 100_000 };
await until(isCreated, () => call('POST', '/products', product));

const shippingAddress = { name: 'Ada', line1: '1 Loop St', city: 'Berlin', postalCode: '10115', country: 'DE' };
const order = { userId, items: [{ sku, quantity: 1 }], payment: { token: 'tok_ok' }, shippingAddress };

/** Places an order, under one key until it is accepted, and follows it to its end. */
async function follow(number) {
  const at = Date.now();
  const refusals = [];
  const report = (refusal) => refusals.push({ at: Date.now(), ...refusal });
  const headers = { 'idempotency-key': `load-${stamp}-${number}` };
  const placing = () => call('POST', '/orders', order, headers);
  const { orderId } = await until(({ status }) => status === 202, placing, {
    expects: number === 0 ? [422] : [],
    report,
  });
  const acceptedMs = Date.now() - at;
  open.set(number, orderId);
  const isEnded = ({ body }) => ['confirmed', 'shipped', 'delivered', 'cancelled'].includes(body?.status);
  const asking = async () => {
    await sleep(500);
    return call('GET', `/orders/${orderId}`);
  };
  const { status } = await until(isEnded, asking, { expects: [200], report });
  print({ kind: 'order', number, orderId, at, acceptedMs, endedMs: Date.now() - at, status, refusals });
}

const open = new Map();
const starting = new Set();
let lastEnd = Date.now();
const run = (number) => {
  starting.add(number);
  return follow(number)
    .catch((error) => print({ kind: 'problem', number, orderId: open.get(number), message: error.message }))
    .finally(() => {
      starting.delete(number);
      open.delete(number);
      lastEnd = Date.now();
    });
};

await run(0);
print({ kind: 'started', at: Date.now() });
let number = 1;
for (; !isStopping; number += 1) {
  void run(number);
  await sleep(1_000 / Number(perSecond));
}
lastEnd = Date.now();
while (starting.size > 0 && Date.now() < lastEnd + 120_000) await sleep(500);
const lost = [...starting].map((one) => ({ number: one, orderId: open.get(one) }));
print({ kind: 'finished', placed: number, lost });
process.exit(0);
