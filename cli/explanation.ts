import type { Explanation } from '../contracts/http/explanation';
import { describeMoney } from '../contracts/saga/format';
import { table } from './table';

/** The characters of a line. */
const width = 80;

/** An explanation as text of eighty columns: the first line, the timeline, the ledger, and what could not be asked. */
export function describeExplanation(explained: Explanation): string {
  const { summary, timeline, unavailable, omitted, orderId, status } = explained;
  const parts = [
    wrapped(summary, '').join('\n'),
    `Order ${orderId} (${status})`,
    timeline.flatMap(lines).join('\n'),
    ...(omitted > 0 ? [`${omitted} lines are left out, as there are too many.`] : []),
    ledgerText(explained.ledger),
    unavailable.map(({ source, reason }) => wrapped(`Not asked: ${source} (${reason})`, '  ').join('\n')).join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The time, the gap and the source, then the text; what does not fit continues below it. */
function lines({ at, gapMs, source, text, why, actor }: Explanation['timeline'][number]): string[] {
  const start = `${at.slice(11, 23)} ${gapText(gapMs).padStart(8)}  ${source.padEnd(9)}  `;
  const said = plain([text, ...(actor === undefined ? [] : [`by ${actor}`])].join(', '));
  const because = why === undefined ? [] : [`(${plain(why)})`];
  return wrapped([said, ...because].join(' '), ' '.repeat(start.length), width - start.length).map((line, index) =>
    index === 0 ? `${start}${line.trimStart()}` : line,
  );
}

/** `+12 ms`, `+3.4 s`, `+2 min`, `+5 h`, `+3 d`. */
function gapText(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '-' : '+';
  if (size < 1_000) return `${sign}${size} ms`;
  if (size < 60_000) return `${sign}${(size / 1_000).toFixed(1)} s`;
  if (size < 7_200_000) return `${sign}${Math.round(size / 60_000)} min`;
  return size < 172_800_000 ? `${sign}${Math.round(size / 3_600_000)} h` : `${sign}${Math.round(size / 86_400_000)} d`;
}

/** Breaks text at words. @param indent of every line but the first @param room the characters beside the indent */
function wrapped(text: string, indent: string, room = width - indent.length): string[] {
  const broken: string[] = [''];
  for (const word of text.split(' ')) {
    const last = broken.at(-1) ?? '';
    if (last === '') broken[broken.length - 1] = word;
    else if (last.length + 1 + word.length <= room) broken[broken.length - 1] = `${last} ${word}`;
    else broken.push(word);
  }
  return broken.map((line, index) => (index === 0 ? line : `${indent}${line}`));
}

/** Untrusted text must not contain escape sequences of the terminal. */
const plain = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ');

function ledgerText({ currency = '', money, balance, stock, open }: Explanation['ledger']): string {
  const amount = (value: number): string => describeMoney({ amount: value, currency });
  const rows = [
    ...money.map(({ text, amount: value }) => [text, amount(value)] as const),
    ['Balance', amount(balance)] as const,
  ];
  const [names, amounts] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) as [
    number,
    number,
  ];
  const account = rows.map(([name, value]) => `${name.padEnd(names)}  ${value.padStart(amounts)}`).join('\n');
  const pieces = stock.length === 0 ? [] : [table(['sku', 'reserved', 'released', 'shipped', 'returned'], stock)];
  const [first = '', ...more] = wrapped(open === undefined ? 'Nothing is open.' : `Open: ${open}.`, '  ');
  return [...(currency === '' ? [] : [account]), ...pieces, [first, ...more].join('\n')].join('\n\n');
}
