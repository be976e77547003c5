import { useEffect, useState } from 'preact/hooks';
import { get, withQuery } from '../api/client';
import { sentenceOf } from '../api/problem';
import { orderStatuses, type OrderSummary, type Page } from '../api/types';
import { useLive } from '../api/use-live';
import { Failure } from '../components/notice';
import { Status } from '../components/status';
import { currentQuery, Link, navigate } from '../router';
import { formatMoney, formatTime } from '../words/format';
import { t } from '../words/words';

/** The orders, newest first, by status. The filter is in the address, so that a link leads to the same list. */
export function OrdersPage() {
  const status = currentQuery.value.get('status') ?? '';
  const first = useLive(`orders ${status}`, () => get<Page<OrderSummary>>(withQuery('/orders', { status })));
  const [further, setFurther] = useState<Page<OrderSummary>>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => setFurther(undefined), [status]);
  const cursor = (further ?? first.value)?.nextCursor;
  const showMore = async (): Promise<void> => {
    try {
      const next = await get<Page<OrderSummary>>(withQuery('/orders', { status, cursor }));
      setFurther({ ...next, items: [...(further?.items ?? []), ...next.items] });
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  };
  return (
    <>
      <div class="row spread">
        <h1>{t('orders')}</h1>
        <label class="inline">
          {t('status')}
          <select
            value={status}
            onChange={(event) => navigate(withQuery('/orders', { status: event.currentTarget.value }), true)}
          >
            <option value="">{t('all')}</option>
            {orderStatuses.map((one) => (
              <option key={one} value={one}>
                {t(`status_${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {[first.failure, failure].map(
        (one) => one !== undefined && <Failure key={one}>{`${t('stale')}: ${one}`}</Failure>,
      )}
      {first.value ? <OrderTable orders={merged(first.value.items, further?.items ?? [])} /> : <p>{t('loading')}</p>}
      {cursor !== undefined && <button onClick={() => void showMore()}>{t('more')}</button>}
    </>
  );
}

/** New orders push others from the first page to the second, which was read before. */
function merged(first: readonly OrderSummary[], further: readonly OrderSummary[]): OrderSummary[] {
  const known = new Set(first.map(({ orderId }) => orderId));
  return [...first, ...further.filter(({ orderId }) => !known.has(orderId))];
}

function OrderTable({ orders }: { orders: readonly OrderSummary[] }) {
  if (orders.length === 0) return <p class="muted">{t('noOrders')}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('orders')}>
      <table>
        <thead>
          <tr>
            <th>{t('order')}</th>
            <th>{t('status')}</th>
            <th class="number">{t('total')}</th>
            <th>{t('placed')}</th>
            <th>{t('reason')}</th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ orderId, status, total, placedAt, reason }) => (
            <tr key={orderId}>
              <td>
                <Link to={`/orders/${orderId}`} class="id">
                  {orderId}
                </Link>
              </td>
              <td>
                <Status of={status} />
              </td>
              <td class="number">{formatMoney(total)}</td>
              <td>{formatTime(placedAt)}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
