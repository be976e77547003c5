import { post } from '../api/client';
import { t } from '../words/words';
import { Action } from './action';

/** Approves or rejects an order that waits for a review. */
export function Review({ orderId, onDone }: { orderId: string; onDone: () => void }) {
  const decide = (decision: 'approve' | 'reject') => () => post(`/orders/${orderId}/review`, { decision });
  return (
    <div class="row">
      <span>{t('waitsForYou')}</span>
      <Action name={t('approve')} does={t('approveDoes')} act={decide('approve')} onDone={onDone} />
      <Action name={t('reject')} does={t('rejectDoes')} act={decide('reject')} onDone={onDone} />
    </div>
  );
}
