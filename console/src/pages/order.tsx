import { post } from '../api/client';
import { loadOrder, type Part } from '../api/order';
import { may } from '../api/session';
import type { Notification, Order, Payment, Shipment } from '../api/types';
import { useLive } from '../api/use-live';
import { Action } from '../components/action';
import { CopyMarkdown } from '../components/copy-markdown';
import { ExplainedTimeline, LedgerTables } from '../components/explained';
import { Failure } from '../components/notice';
import { Review } from '../components/review';
import { SagaDiagram } from '../components/saga-diagram';
import { Status } from '../components/status';
import { VersionSlider } from '../components/version-slider';
import { formatClock, formatMoney, formatSpan, formatTime } from '../words/format';
import { t } from '../words/words';

/** One order: its state at any version, what happened when, its payments, parcels and e-mails, and what can be done. */
export function OrderPage({ orderId }: { orderId: string }) {
  const { value, failure, reload } = useLive(orderId, () => loadOrder(orderId));
  if (!value) return failure === undefined ? <p>{t('loading')}</p> : <Failure>{failure}</Failure>;
  const { order, payments, shipments, emails, explanation } = value;
  const explained = typeof explanation === 'object' ? explanation : undefined;
  return (
    <>
      <div class="row spread">
        <h1>
          {t('order')} <span class="id">{orderId}</span>
        </h1>
        <CopyMarkdown order={order} />
      </div>
      {failure !== undefined && <Failure>{`${t('stale')}: ${failure}`}</Failure>}
      <p class="row">
        <Status of={order.status} />
        <strong>{formatMoney(order.total)}</strong>
        <span>{formatTime(order.placedAt)}</span>
        {order.reason !== undefined && <code>{order.reason}</code>}
        <span>{order.detail}</span>
      </p>
      {typeof explanation === 'string' && <p class="unavailable">{explanation}</p>}
      {explained && <p class="summary">{explained.summary}</p>}
      <Actions order={order} onDone={reload} />
      {explained && <SagaDiagram timeline={explained.timeline} />}
      <div class="columns">
        <div>{explained ? <ExplainedTimeline of={explained} /> : <Timeline order={order} />}</div>
        <div>
          <VersionSlider order={order} />
          {explained && <LedgerTables of={explained.ledger} />}
          <Payments of={payments} />
          <Shipments of={shipments} />
          <Emails of={emails} />
        </div>
      </div>
    </>
  );
}

function Actions({ order: { orderId, status, cancellation }, onDone }: { order: Order; onDone: () => void }) {
  const canCancel = ['placed', 'in_review', 'confirmed'].includes(status) && cancellation === undefined;
  return (
    <section class="row" aria-label={t('actions')}>
      {status === 'in_review' && may('orders:review') && <Review orderId={orderId} onDone={onDone} />}
      {canCancel && may('orders:cancel') && (
        <Action
          name={t('cancelOrder')}
          does={t('cancelDoes')}
          act={() => post(`/orders/${orderId}/cancel`, {})}
          onDone={onDone}
        />
      )}
      {status === 'delivered' && may('orders:return') && (
        <Action
          name={t('returnOrder')}
          does={t('returnDoes')}
          act={() => post(`/orders/${orderId}/return`, {})}
          onDone={onDone}
        />
      )}
    </section>
  );
}

function Timeline({ order: { timeline } }: { order: Order }) {
  return (
    <section>
      <h2>{t('timeline')}</h2>
      <ol class="timeline">
        {timeline.map(({ version, type, time }, index) => {
          const before = timeline[index - 1];
          return (
            <li key={version}>
              <time dateTime={time}>{formatClock(time)}</time>
              <code>{type}</code>
              <span class="gap">{before && `+${formatSpan(Date.parse(time) - Date.parse(before.time))}`}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** A part of the page; without its source only this part says so. */
function Section<T>({ title, of, show }: { title: string; of: Part<T>; show: (item: T) => string }) {
  return (
    <section>
      <h2>{title}</h2>
      {'failure' in of ? (
        <p class="unavailable">{of.failure}</p>
      ) : of.items.length === 0 ? (
        <p class="muted">{t('none')}</p>
      ) : (
        <ul>
          {of.items.map((item, index) => (
            <li key={index}>{show(item)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

const Payments = ({ of }: { of: Part<Payment> }) => (
  <Section
    title={t('payments')}
    of={of}
    show={({ status, amount, captured, refunded }) => {
      const money = (minor: number): string => formatMoney({ amount: minor, currency: amount.currency });
      return `${status} · ${formatMoney(amount)} · ${t('captured')} ${money(captured)} · ${t('refunded')} ${money(refunded)}`;
    }}
  />
);

const Shipments = ({ of }: { of: Part<Shipment> }) => (
  <Section
    title={t('shipments')}
    of={of}
    show={({ status, trackingNumber }) => `${status} · ${t('tracking')} ${trackingNumber}`}
  />
);

const Emails = ({ of }: { of: Part<Notification> }) => (
  <Section
    title={t('emails')}
    of={of}
    show={({ kind, status, createdAt, sentAt }) => `${kind} · ${status} · ${formatTime(sentAt ?? createdAt)}`}
  />
);
