import type { ConsumersResponse } from '../../lib/operations/consumers/contract';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

export async function list(options: OutputOptions): Promise<void> {
  const { items } = (await connectApi().get('/ops/consumers')) as ConsumersResponse;
  print(items, options, (rows) => table(['queue', 'state', 'heldSince', 'reason'], rows));
}
