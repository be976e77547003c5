import type { CreatedKeyResponse, KeysResponse } from '../../lib/operations/api-keys/contract';
import { CommandFailure } from '../failures';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

interface CreateOptions extends OutputOptions {
  name: string;
  scopes: string;
  days: number;
}

export async function create({ name, scopes, days, ...output }: CreateOptions): Promise<void> {
  const asked = { name, scopes: scopes.split(',').map((scope) => scope.trim()), expiresInDays: days };
  const created = (await connectApi().post('/ops/api-keys', asked)) as CreatedKeyResponse;
  print(created, output, ({ key }) => key);
}

export async function list(options: OutputOptions): Promise<void> {
  const { items } = (await connectApi().get('/ops/api-keys')) as KeysResponse;
  if (items.length === 0 && !options.json) throw new CommandFailure('no-match', 'There is no API key');
  const columns = ['keyId', 'name', 'prefix', 'scopes', 'createdBy', 'expiresAt', 'revokedAt'] as const;
  print(items, options, (keys) =>
    table(
      columns,
      keys.map((key) => ({ ...key, scopes: key.scopes.join(' ') })),
    ),
  );
}

export async function revoke(keyId: string, options: OutputOptions): Promise<void> {
  const revoked = await connectApi().post(`/ops/api-keys/${encodeURIComponent(keyId)}/revoke`, {});
  print(revoked, options, () => `API key ${keyId} is revoked`);
}
