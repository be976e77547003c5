import { describeMoney } from '../../contracts/saga/format';
import type { Answer, Api } from './api';
import { poll } from './poll';

/** How long the listening services may take for the sample orders; they start last. */
const timeoutMs = 15_000;

interface List<T> {
  items: T[];
}
type Mail = { kind: string; status: string };
type Sales = { currency: string; orders: number; net: number | string };
type Funnel = { placed: number; confirmed: number; cancellations: Record<string, number> };
type Advice = { name: string | null; together?: number };

/** What the services that only listen have made of the sample orders, a line each; of one that is not there, none. */
export async function askListeners(api: Api, orderIds: readonly string[], sku: string): Promise<string[]> {
  const settled = new Set(['sent', 'bounced', 'unknown', 'failed', 'not-sendable']);
  const [mails, sales, funnel, advice] = await Promise.all([
    Promise.all(
      orderIds.map((id) =>
        ask<Mail>(api, `/notifications?orderId=${id}`, (all) => all.some(({ status }) => settled.has(status))),
      ),
    ),
    ask<Sales>(api, '/analytics/sales?bucket=month', (all) => all.length > 0),
    ask<Funnel>(api, '/analytics/funnel', ([all]) => all !== undefined && all.placed >= orderIds.length),
    ask<Advice>(api, `/recommendations/${sku}`, ([first]) => first?.together !== undefined),
  ]);
  return [
    line('e-mails', mails.flat(), ({ kind, status }) => `${kind}: ${status}`),
    line(
      'sales, 30 days',
      sales,
      ({ currency, orders, net }) =>
        `${orders} ${plural(orders)}, ${describeMoney({ amount: net, currency })} after refunds`,
    ),
    line('of those placed', funnel, describeFunnel),
    line(`bought with ${sku}`, advice.slice(0, 1), ({ name, together }) =>
      together === undefined ? `popular: ${name}` : `${name} (${together} ${plural(together)} together)`,
    ),
  ].flat();
}

const plural = (orders: number): string => (orders === 1 ? 'order' : 'orders');

function describeFunnel({ placed, confirmed, cancellations }: Funnel): string {
  const reasons = Object.entries(cancellations).map(([reason, orders]) => `, ${orders} ${reason}`);
  return `${confirmed} of ${placed} confirmed${reasons.join('')}`;
}

const line = <T>(name: string, items: readonly T[], words: (item: T) => string): string[] =>
  items.length === 0 ? [] : [`${name.padEnd(20)} ${items.map(words).join('; ')}`];

/** The items of a list once they will do. A service that was taken out answers 404, and has none. */
async function ask<T>(api: Api, path: string, will: (items: T[]) => boolean): Promise<T[]> {
  const isDone = ({ status, body }: Answer<List<T>>) => status !== 200 || will(body.items);
  const { status, body } = await poll<Answer<List<T>>>(() => api.get(path), isDone, timeoutMs);
  return status === 200 ? body.items : [];
}
