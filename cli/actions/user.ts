import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';

interface AccessOptions extends OutputOptions {
  reason?: string;
}

export async function lock(id: string, options: AccessOptions): Promise<void> {
  await post(`users/${encodeURIComponent(id)}/lock`, options, `User ${id} is locked`);
}

export async function unlock(id: string, options: AccessOptions): Promise<void> {
  await post(`users/${encodeURIComponent(id)}/unlock`, options, `User ${id} is unlocked; new tokens are accepted`);
}

export async function revokeToken(jti: string, options: AccessOptions): Promise<void> {
  await post(`tokens/${encodeURIComponent(jti)}/revoke`, options, `Token ${jti} is refused from now on`);
}

async function post(path: string, { json = false, ...request }: AccessOptions, done: string): Promise<void> {
  print(await connectApi().post(`/ops/${path}`, request), { json }, () => done);
}
