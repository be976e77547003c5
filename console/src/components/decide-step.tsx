import { useState } from 'preact/hooks';
import { post } from '../api/client';
import type { Word } from '../words/en';
import { t } from '../words/words';
import { Action } from './action';

/** What skipping a step leaves behind, by the step. */
const leftBehind: Readonly<Record<string, Word>> = {
  releaseStock: 'skipStock',
  returnStock: 'skipStock',
  shipStock: 'skipStock',
  voidPayment: 'skipMoney',
  refundPayment: 'skipMoney',
  capturePayment: 'skipMoney',
  cancelShipment: 'skipParcel',
};

/** Retries or skips a step that waits for an operator. The step goes along: a late decision changes nothing else. */
export function DecideStep({ orderId, step, onDone }: { orderId: string; step: string; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const decide = (decision: object) => () => post(`/ops/sagas/${orderId}/decide`, { step, ...decision });
  return (
    <div class="row decide">
      <Action name={t('retry')} does={t('retryDoes')} act={decide({ action: 'retry' })} onDone={onDone} />
      <label class="inline">
        {t('reason')}
        <input value={reason} maxLength={500} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {reason.trim() === '' ? (
        <span class="muted">{t('skipNeedsReason')}</span>
      ) : (
        <Action
          name={t('skipStep')}
          does={`${t('skipDoes')} ${t(leftBehind[step] ?? 'skipOther')}`}
          act={decide({ action: 'skip', reason: reason.trim() })}
          onDone={onDone}
        />
      )}
    </div>
  );
}
