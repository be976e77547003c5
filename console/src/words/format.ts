import type { Money } from '../api/types';
import { language } from '../preferences';

/** English as in Britain: the day before the month, 24 hours. */
const locale = (): string => (language.value === 'en' ? 'en-GB' : language.value);

/** An amount as the reader writes it; its currency says how many minor units make one. */
export function formatMoney({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat(locale(), { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

export const formatTime = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));

export const formatClock = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(new Date(iso));

/** A span of time with the unit that fits: `12 ms`, `3.4 s`, `5 min`, `2 h`, `3 d`. */
export function formatSpan(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1_000) return `${ms} ms`;
  if (size < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (size < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (size < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
