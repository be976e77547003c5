import type { Stack } from '../infra/local/stack';
import { startBareSaga } from './bare-saga';
import { listenForEndings } from './endings';
import { median, reported, type Measured } from './measure';
import { startPlatform } from './platform';
import { confirmedOrder } from './saga';
import { sustainedRate } from './sustained';

const open = 10_000;
const window = 500;

/**
 * Orders per second with hardly any sagas that wait for their parcel, and with 10,000: first and last ones of a run, and
 * bare workflows after each, so that it is seen whether the server or the machine has become slower.
 */
export async function benchWaiting(stack: Stack, order: string): Promise<Measured> {
  const platform = await startPlatform(stack, ['all']);
  const bareSaga = await startBareSaga(stack, order);
  const endings = await listenForEndings(stack.env['RABBITMQ_URL'] ?? '');
  const ours = (count: number) => sustainedRate(count, () => confirmedOrder(platform, endings, order));
  const bare = () => sustainedRate(window, bareSaga.run);
  const bareTime = async (): Promise<number> => {
    const begin = performance.now();
    await bareSaga.run();
    return performance.now() - begin;
  };
  const alone = async (run: () => Promise<number>): Promise<number> => {
    const times: number[] = [];
    for (let index = 0; index < 30; index += 1) times.push(await run());
    return median(times);
  };
  const look = async () => ({
    ours: await ours(window),
    bare: await bare(),
    alone: await alone(() => confirmedOrder(platform, endings, order)),
    bareAlone: await alone(bareTime),
    MiB: await platform.memory(),
  });
  try {
    await ours(window); // Warms up.
    const first = await look();
    await ours(open - 3 * window);
    const last = await look();
    const row = (what: string, few: number, many: number, unit: string) =>
      reported({
        what,
        ours: `${many.toFixed(1)}${unit}`,
        limit: `${few.toFixed(1)}${unit}`,
        comparison: `${Math.round((many / few) * 100)} %`,
      });
    return {
      results: [
        row(`orders per second, ${open} sagas waiting (limit: ${window})`, first.ours, last.ours, '/s'),
        row('bare workflows per second, then', first.bare, last.bare, '/s'),
        row('202 → confirmed alone, p50, then', first.alone, last.alone, ' ms'),
        row('the bare workflow alone, p50, then', first.bareAlone, last.bareAlone, ' ms'),
      ],
      memory: [`all roles with ${window} sagas waiting: ${first.MiB} MiB, with ${open}: ${last.MiB} MiB`],
    };
  } finally {
    await endings.close();
    await Promise.all([platform.stop(), bareSaga.stop()]);
  }
}
