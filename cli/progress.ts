import type { RebuildOptions } from '../lib/projections/rebuild';

type Progress = Parameters<NonNullable<RebuildOptions['onProgress']>>[0];

const everyMs = 1_000;

/** Tells on standard error, once a second, how many events are done, how fast, and how long it will take. */
export function progressOf(name: string, now: () => number = () => performance.now()): (progress: Progress) => void {
  let begin: { at: number; done: number } | undefined;
  let told = -Infinity;
  return ({ phase, done, total }) => {
    const at = now();
    begin ??= { at, done };
    if (at - told < everyMs) return;
    told = at;
    const rate = (done - begin.done) / Math.max((at - begin.at) / 1_000, 0.001);
    const left = rate > 0 && done < total ? `, ${Math.ceil((total - done) / rate)} s left` : '';
    process.stderr.write(
      `${name} ${phase}: ${done} of ${Math.max(total, done)} events, ${Math.round(rate)}/s${left}\n`,
    );
  };
}
