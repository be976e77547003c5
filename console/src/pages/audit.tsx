import { get, withQuery } from '../api/client';
import { pollWhileShown } from '../api/live';
import { may } from '../api/session';
import type { AuditEntry } from '../api/types';
import { useLive } from '../api/use-live';
import { Failure } from '../components/notice';
import { Link } from '../router';
import { formatTime } from '../words/format';
import { t } from '../words/words';

const shown = 100;
const load = () => get<{ items: AuditEntry[] }>(withQuery('/ops/audit', { limit: shown }));

/** What operators did, newest first: who, when, to what, and the outcome. */
export function AuditPage() {
  const { value, failure } = useLive('audit', load, pollWhileShown);
  if (!may('ops:read')) return <Failure>{t('notAllowed')}</Failure>;
  return (
    <>
      <h1>{t('audit')}</h1>
      <p class="lead">{t('auditLead')}</p>
      {failure !== undefined && <Failure>{`${t('stale')}: ${failure}`}</Failure>}
      {value === undefined && failure === undefined && <p>{t('loading')}</p>}
      {value?.items.length === 0 && <p class="muted">{t('auditNone')}</p>}
      {value !== undefined && value.items.length > 0 && <Entries of={value.items} />}
    </>
  );
}

const orderId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const Entries = ({ of }: { of: readonly AuditEntry[] }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={t('audit')}>
    <table>
      <thead>
        <tr>
          <th>{t('time')}</th>
          <th>{t('service')}</th>
          <th>{t('action')}</th>
          <th>{t('target')}</th>
          <th>{t('actor')}</th>
          <th>{t('request')}</th>
          <th>{t('outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ service, time, actor, action, target, request, outcome }, index) => (
          <tr key={`${time} ${index}`}>
            <td>{formatTime(time)}</td>
            <td>{service}</td>
            <td>{action}</td>
            <td>
              {service === 'orders' && orderId.test(target) ? <Link to={`/orders/${target}`}>{target}</Link> : target}
            </td>
            <td>
              <code>{actor}</code>
            </td>
            <td>
              <code>{JSON.stringify(request)}</code>
            </td>
            <td>
              <code>{JSON.stringify(outcome)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
