import { useEffect, useState } from 'preact/hooks';
import { loadVersion } from '../api/order';
import { sentenceOf } from '../api/problem';
import type { Order } from '../api/types';
import { formatMoney } from '../words/format';
import { t } from '../words/words';
import { Failure } from './notice';
import { Status } from './status';

/** The lines and the status of an order at any of its versions; at first as they are now. */
export function VersionSlider({ order }: { order: Order }) {
  const [chosen, setChosen] = useState<number>();
  const [then, setThen] = useState<Order>();
  const [failure, setFailure] = useState<string>();
  const version = chosen ?? order.version;
  useEffect(() => {
    if (chosen === undefined) return;
    let isOver = false;
    loadVersion(order.orderId, chosen)
      .then((found) => isOver || setThen(found))
      .catch((error: unknown) => isOver || setFailure(sentenceOf(error)));
    return () => void (isOver = true);
  }, [order.orderId, chosen]);
  const shown = chosen === undefined ? order : (then ?? order);
  return (
    <section>
      <h2>{t('items')}</h2>
      <label class="slider">
        {t('stateAt')} {version}
        {version === order.version && ` (${t('now')})`}
        <input
          type="range"
          min={1}
          max={order.version}
          value={version}
          onInput={({ currentTarget: { valueAsNumber } }) =>
            setChosen(valueAsNumber === order.version ? undefined : valueAsNumber)
          }
        />
      </label>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <Lines order={shown} />
    </section>
  );
}

const Lines = ({ order }: { order: Order }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={t('items')}>
    <table>
      <thead>
        <tr>
          <th>{t('product')}</th>
          <th class="number">{t('quantity')}</th>
          <th class="number">{t('price')}</th>
          <th class="number">{t('total')}</th>
        </tr>
      </thead>
      <tbody>
        {order.items.map(({ sku, name, quantity, price, lineTotal }) => (
          <tr key={sku}>
            <td>
              {name} <code>{sku}</code>
            </td>
            <td class="number">{quantity}</td>
            <td class="number">{formatMoney(price)}</td>
            <td class="number">{formatMoney(lineTotal)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={3}>
            <Status of={order.status} />
          </td>
          <td class="number">{formatMoney(order.total)}</td>
        </tr>
      </tfoot>
    </table>
  </div>
);
