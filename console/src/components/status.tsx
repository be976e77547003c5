import type { OrderStatus } from '../api/types';
import { t } from '../words/words';

/** The status of an order: its word, and a colour for those who see it. */
export const Status = ({ of }: { of: OrderStatus }) => <span class={`status status-${of}`}>{t(`status_${of}`)}</span>;
