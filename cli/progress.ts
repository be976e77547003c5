import type { RebuildOptions } from '../lib/projections/rebuild';
import type { OutputOptions } from './output';

type Progress = Parameters<NonNullable<RebuildOptions['onProgress']>>[0];

const everyMs = 1_000;

/** Says on standard error, once a second, how many events are done, how fast, and how long it will take. */
export function progressOf(
  name: string,
  { json = false }: OutputOptions,
  now: () => number = () => performance.now(),
): (progress: Progress) => void {
  let begin: { at: number; done: number } | undefined;
  let last = -Infinity;
  return ({ phase, done, total }) => {
    const at = now();
    begin ??= { at, done };
    if (at - last < everyMs) return;
    last = at;
    const events = Math.max(total, done);
    const perSecond = Math.round((done - begin.done) / Math.max((at - begin.at) / 1_000, 0.001));
    const line = json
      ? JSON.stringify({ progress: { name, phase, done, total: events, perSecond } })
      : `${name} ${phase}: ${done} of ${events} events, ${perSecond}/s${timeLeft(events - done, perSecond)}`;
    process.stderr.write(`${line}\n`);
  };
}

const timeLeft = (events: number, perSecond: number): string =>
  perSecond > 0 && events > 0 ? `, ${Math.ceil(events / perSecond)} s left` : '';
