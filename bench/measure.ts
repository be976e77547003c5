/** The value below which `share` (0 to 1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** One row of the report: a figure beside its limit, measured in the same run. */
export interface Result {
  what: string;
  ours: string;
  limit: string;
  /** ours/limit for rates (the middle round, and the lowest and highest), ours − limit in ms for times */
  comparison: string;
  bar: string;
  reached: boolean;
}

/** What one part of the measurements gives. */
export interface Measured {
  results: Result[];
  /** Resident memory of what was measured, in words. */
  memory: string[];
}

/**
 * The rates of several rounds beside their limit: reached when at least `bar` of it in the middle round. Compared is
 * what stands in one round, some seconds apart: between rounds the machine may have become slower.
 */
export function rateResult(what: string, ours: readonly number[], limit: readonly number[], bar: number): Result {
  const shares = ours.map((rate, round) => rate / (limit[round] ?? Number.NaN));
  return {
    what,
    ours: `${Math.round(median(ours) * 10) / 10}/s`,
    limit: `${Math.round(median(limit) * 10) / 10}/s`,
    comparison: `${percent(median(shares))} % (${percent(Math.min(...shares))}–${percent(Math.max(...shares))})`,
    bar: `≥ ${bar * 100} %`,
    reached: median(shares) >= bar,
  };
}

const percent = (share: number): number => Math.round(share * 100);

/** A time beside its limit: reached when at most `bar` milliseconds above it. */
export function timeResult(what: string, ours: number, limit: number, bar: number): Result {
  return {
    what,
    ours: `${Math.round(ours)} ms`,
    limit: `${Math.round(limit)} ms`,
    comparison: `${ours >= limit ? '+' : '−'}${Math.abs(Math.round(ours - limit))} ms`,
    bar: `≤ +${bar} ms`,
    reached: ours - limit <= bar,
  };
}

/** A result without a bar. */
export const reported = (result: Omit<Result, 'bar' | 'reached'>): Result => ({
  ...result,
  bar: 'reported',
  reached: true,
});
