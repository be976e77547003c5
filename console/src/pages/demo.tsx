import { useState } from 'preact/hooks';
import { demoCustomer, loadDemoOrders, placeDemoOrder, type DemoOrder } from '../api/demo';
import { choices, type Choice } from '../api/demo-choices';
import { sentenceOf } from '../api/problem';
import { may } from '../api/session';
import { useLive } from '../api/use-live';
import { Failure } from '../components/notice';
import { Review } from '../components/review';
import { Status } from '../components/status';
import { Link } from '../router';
import { formatMoney, formatSpan } from '../words/format';
import { t } from '../words/words';

/** Places orders by a click, and shows live what becomes of them. */
export function DemoPage() {
  const [placing, setPlacing] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const orders = useLive('demo', loadDemoOrders);
  const place = async (choice: Choice): Promise<void> => {
    setPlacing(choice.name);
    setFailure(undefined);
    try {
      await placeDemoOrder(choice);
      orders.reload();
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setPlacing(undefined);
    }
  };
  if (!may('orders:write') || !may('users:create')) return <Failure>{t('notAllowed')}</Failure>;
  const list = orders.value ?? [];
  return (
    <>
      <h1>{t('demo')}</h1>
      <p class="lead">{t('demoLead')}</p>
      <div class="choices">
        {choices.map((choice) => (
          <button key={choice.name} disabled={placing !== undefined} onClick={() => void place(choice)}>
            <strong>{t(choice.name)}</strong>
            <span>{t(choice.hint)}</span>
            <code>{choice.postalCode ?? choice.token}</code>
          </button>
        ))}
      </div>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {orders.failure !== undefined && <Failure>{`${t('stale')}: ${orders.failure}`}</Failure>}
      <h2>{t('yourOrders')}</h2>
      {placing !== undefined && <p role="status">{t('placing')}</p>}
      {list.length === 0 && placing === undefined && (
        <p class="muted">{demoCustomer() && !orders.value ? t('loading') : t('demoNone')}</p>
      )}
      <ul class="demo-orders">
        {list.map((one) => (
          <DemoOrderCard key={one.order.orderId} of={one} onDecided={orders.reload} />
        ))}
      </ul>
    </>
  );
}

function DemoOrderCard({ of: { order, payments, shipments }, onDecided }: { of: DemoOrder; onDecided: () => void }) {
  return (
    <li class="card">
      <div class="row">
        <Status of={order.status} />
        <strong>{order.items.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')}</strong>
        <span class="amount">{formatMoney(order.total)}</span>
        <Link to={`/orders/${order.orderId}`}>{t('details')}</Link>
      </div>
      {order.reason !== undefined && (
        <p>
          <code>{order.reason}</code> {order.detail}
        </p>
      )}
      <Facts order={order} />
      <p class="muted">
        {t('payments')}: {wordsOf(payments)} · {t('shipments')}: {wordsOf(shipments)}
      </p>
      {order.status === 'in_review' && may('orders:review') && <Review orderId={order.orderId} onDone={onDecided} />}
    </li>
  );
}

const wordsOf = (things: readonly { status: string }[]): string => things.map(({ status }) => status).join(', ') || '—';

/** What has happened, with the time between. */
function Facts({ order: { timeline } }: Pick<DemoOrder, 'order'>) {
  return (
    <ol class="facts">
      {timeline.map(({ version, type, time }, index) => {
        const before = timeline[index - 1];
        return (
          <li key={version}>
            {before && <span class="gap">{formatSpan(Date.parse(time) - Date.parse(before.time))}</span>}
            <code>{type.replace('order.', '')}</code>
          </li>
        );
      })}
    </ol>
  );
}
