import type { Report } from './once';

/**
 * Takes a figure of each side in every round. Who begins changes from round to round: a machine drifts within minutes,
 * and none shall always have the better half.
 */
export async function inTurns<Side extends string>(
  rounds: number,
  sides: Record<Side, () => Promise<number>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) figures[name].push(await sides[name]());
  }
  return figures;
}

/** The rates at which programs work off a number of events each, in turns, and the most memory that ours took. */
export async function programsInTurns(
  rounds: number,
  events: number,
  { ours, limit }: Record<'ours' | 'limit', () => Promise<Report>>,
): Promise<{ ours: number[]; limit: number[]; MiB: number }> {
  let most = 0;
  const rates = await inTurns(rounds, {
    ours: async () => {
      const { seconds, MiB } = await ours();
      most = Math.max(most, MiB);
      return events / seconds;
    },
    limit: async () => events / (await limit()).seconds,
  });
  return { ...rates, MiB: most };
}
