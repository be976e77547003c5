import { useState } from 'preact/hooks';
import type { Order } from '../api/types';
import { formatMoney } from '../words/format';
import { t } from '../words/words';

/** An order as Markdown for a ticket, without anything about the person. */
export const orderAsMarkdown = ({ orderId, status, total, reason, items, timeline }: Order): string =>
  [
    `**Order ${orderId}**: ${status}, ${formatMoney(total)}${reason === undefined ? '' : `, \`${reason}\``}`,
    '',
    ...items.map(({ sku, quantity }) => `- ${quantity} × \`${sku}\``),
    '',
    ...timeline.map(({ time, type, version }) => `${version}. ${time} \`${type}\``),
  ].join('\n');

export function CopyMarkdown({ order }: { order: Order }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(orderAsMarkdown(order));
    setCopied(true);
  };
  return <button onClick={() => void copy()}>{isCopied ? t('copied') : t('copy')}</button>;
}
