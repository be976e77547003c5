import { get } from '../api/client';
import { pollWhileShown } from '../api/live';
import { may } from '../api/session';
import type { StuckSaga } from '../api/types';
import { useLive } from '../api/use-live';
import { DecideStep } from '../components/decide-step';
import { Failure } from '../components/notice';
import { Link } from '../router';
import { formatSpan, formatTime } from '../words/format';
import { t } from '../words/words';

/** The sagas that wait for an operator, each with the step and why it fails. */
async function load(): Promise<StuckSaga[]> {
  const { items } = await get<{ items: { orderId: string }[] }>('/ops/sagas');
  return Promise.all(items.map(({ orderId }) => get<StuckSaga>(`/ops/sagas/${orderId}`)));
}

export function StuckPage() {
  const { value, failure, reload } = useLive('stuck', load, pollWhileShown);
  if (!may('ops:read')) return <Failure>{t('notAllowed')}</Failure>;
  return (
    <>
      <h1>{t('stuck')}</h1>
      <p class="lead">{t('stuckLead')}</p>
      {failure !== undefined && <Failure>{`${t('stale')}: ${failure}`}</Failure>}
      {value === undefined && failure === undefined && <p>{t('loading')}</p>}
      {value?.length === 0 && <p class="muted">{t('stuckNone')}</p>}
      <ul class="demo-orders">
        {value?.map((saga) => (
          <Stuck key={saga.orderId} of={saga} onDone={reload} />
        ))}
      </ul>
    </>
  );
}

/** A saga may have gone on between the list and the look at it: then it has nothing to decide. */
function Stuck({ of: { orderId, stuck }, onDone }: { of: StuckSaga; onDone: () => void }) {
  if (!stuck) return null;
  return (
    <li class="card">
      <div class="row">
        <strong>{stuck.step}</strong>
        <Link to={`/orders/${orderId}`} class="id">
          {orderId}
        </Link>
        <span class="amount" title={formatTime(stuck.since)}>
          {t('waitingFor')} {formatSpan(Date.now() - Date.parse(stuck.since))}
        </span>
      </div>
      <p>
        {t('lastError')}: <code>{stuck.why}</code>
      </p>
      {may('ops:sagas') && <DecideStep orderId={orderId} step={stuck.step} onDone={onDone} />}
    </li>
  );
}
