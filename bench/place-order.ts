import { randomUUID } from 'node:crypto';

/** Places an order with a key of its own. @returns its id. @throws when it is not accepted. */
export async function placeOrder(url: string, token: string, body: string): Promise<string> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  };
  const placed = await fetch(`${url}/orders`, { method: 'POST', headers, body });
  if (placed.status !== 202) throw new Error(`POST ${url}/orders answered ${placed.status}: ${await placed.text()}`);
  const { orderId } = (await placed.json()) as { orderId: string };
  return orderId;
}
