import { openDatabase } from '../lib/db/database';
import { rebuild } from '../lib/projections/rebuild';
import { orderList } from '../services/orders/read-models/order-list';
import { sendReport, setting } from './once';

// The list of orders built anew beside the one that is there: filled, indexed, compared, exchanged.
async function main(): Promise<void> {
  const database = openDatabase<unknown>({
    url: setting('BENCH_DATABASE_URL'),
    name: 'rebuild',
    poolSize: 3,
    queryTimeoutMs: 0,
  });
  const begin = performance.now();
  const { differences } = await rebuild({ projection: orderList, database, log: database });
  if (differences.count > 0 && setting('BENCH_EXPECTS') === 'none') throw new Error('The rebuilt list differs');
  sendReport(begin);
}

void main();
