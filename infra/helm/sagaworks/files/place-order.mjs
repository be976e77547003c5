// Places an order at API_URL as an operator (SAGAWORKS_TOKEN), and follows it until it is confirmed and its e-mail is sent.
const { API_URL: api, SAGAWORKS_TOKEN: token } = process.env;
const until = Date.now() + 120_000;
const stamp = Date.now();

async function call(method, path, body, more = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
  const answer = await fetch(api + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { status: answer.status, body: await answer.json() };
}

/** Repeats a request until its answer is as wanted. */
async function repeat(request, isWanted) {
  for (;;) {
    const answer = await request().catch((error) => ({ status: 0, body: String(error) }));
    if (isWanted(answer)) return answer.body;
    if (Date.now() > until) throw new Error(`Gave up: ${answer.status} ${JSON.stringify(answer.body)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const created = ({ status }) => status === 201;
const post = (path, body, headers) => () => call('POST', path, body, headers);
const sku = `HELM-TEST-${stamp}`;
const { userId } = await repeat(post('/users', { email: `test-${stamp}@example.com`, name: 'Helm Test' }), created);
await repeat(post('/products', { sku, name: 'Tea', price: { amount: 1250, currency: 'EUR' }, stock: 1 }), created);

// 422 until the order service knows the user and the product.
const order = {
  userId,
  items: [{ sku, quantity: 1 }],
  payment: { token: 'tok_ok' },
  shippingAddress: { name: 'Ada', line1: '1 Loop St', city: 'Berlin', postalCode: '10115', country: 'DE' },
};
const placing = post('/orders', order, { 'idempotency-key': `helm-test-${stamp}` });
const { orderId } = await repeat(placing, ({ status }) => status === 202);
console.log(`placed     ${orderId}`);
const ended = await repeat(
  () => call('GET', `/orders/${orderId}`),
  ({ body }) => ['confirmed', 'shipped', 'cancelled'].includes(body.status),
);
if (ended.status === 'cancelled') throw new Error(`cancelled: ${ended.reason}`);
console.log(`${ended.status}  after ${Date.now() - stamp} ms`);
const emails = await repeat(
  () => call('GET', `/notifications?orderId=${orderId}`),
  ({ body }) => JSON.stringify(body).includes('"sent"'),
);
console.log(`e-mailed   ${JSON.stringify(emails).slice(0, 200)}`);
