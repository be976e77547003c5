import type { Explanation, Happening, Ledger } from '../api/explanation';
import { formatClock, formatMoney, formatSpan } from '../words/format';
import { t } from '../words/words';

/** Everything that happened to an order, wherever it was recorded. */
export const ExplainedTimeline = ({ of: { timeline, unavailable, omitted } }: { of: Explanation }) => (
  <section>
    <h2>{t('timeline')}</h2>
    {unavailable.map(({ source, reason }) => (
      <p key={source} class="unavailable">
        {source}: {reason}
      </p>
    ))}
    <ol class="timeline">
      {timeline.map((line, index) => (
        <Line key={index} of={line} isFirst={index === 0} />
      ))}
    </ol>
    {omitted > 0 && (
      <p class="muted">
        {t('omitted')}: {omitted}
      </p>
    )}
  </section>
);

/** From here on a gap is worth a look. */
const longGapMs = 1_000;

const Line = ({ of: { at, gapMs, source, kind, text, why }, isFirst }: { of: Happening; isFirst: boolean }) => (
  <li class={kind === 'step-failed' ? 'bad' : ''}>
    <time dateTime={at}>{formatClock(at)}</time>
    <span class={gapMs >= longGapMs ? 'gap long' : 'gap'}>{isFirst ? '' : `+${formatSpan(gapMs)}`}</span>
    <span class="source">{source}</span>
    <span class="text">
      {text}
      {why !== undefined && <span class="why">{why}</span>}
    </span>
  </li>
);

/** What became of the money and of the stock; the amounts add up to the balance. */
export function LedgerTables({ of }: { of: Ledger }) {
  const { currency = 'EUR', money, balance, stock, closed, open } = of;
  const show = (amount: number): string => formatMoney({ amount, currency });
  return (
    <section>
      <h2>{t('ledger')}</h2>
      <p>
        <span class={`status ${closed ? 'status-confirmed' : 'status-in_review'}`}>
          {closed ? t('ledgerClosed') : t('ledgerOpen')}
        </span>{' '}
        {open}
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('ledger')}>
        <table>
          <tbody>
            {money.map(({ text, amount, at }) => (
              <tr key={`${at} ${text}`}>
                <td>{text}</td>
                <td class="number">{show(amount)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>{t('balance')}</td>
              <td class="number">{show(balance)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      {stock.length > 0 && <Stock of={stock} />}
    </section>
  );
}

const Stock = ({ of }: { of: Ledger['stock'] }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={t('stock')}>
    <table>
      <thead>
        <tr>
          <th>{t('stock')}</th>
          <th class="number">{t('reserved')}</th>
          <th class="number">{t('released')}</th>
          <th class="number">{t('shipped')}</th>
          <th class="number">{t('returned')}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ sku, reserved, released, shipped, returned }) => (
          <tr key={sku}>
            <td>
              <code>{sku}</code>
            </td>
            <td class="number">{reserved}</td>
            <td class="number">{released}</td>
            <td class="number">{shipped}</td>
            <td class="number">{returned}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
