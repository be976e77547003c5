import { randomUUID } from 'node:crypto';
import type { ProductResponse } from '../../contracts/http/products';
import type { UserResponse } from '../../contracts/http/users';
import { expected, type Api } from './api';

export const tea = { sku: 'TEA-1', name: 'Assam tea, 250 g', price: { amount: 1250, currency: 'EUR' }, stock: 1000 };
export const cup = { sku: 'CUP-1', name: 'Stoneware cup', price: { amount: 1800, currency: 'EUR' }, stock: 12 };

/** The sample user: the one with this id if there is one, else a new one. Returns the id. */
export async function ensureUser(api: Api, knownId: string | undefined): Promise<string> {
  if (knownId !== undefined && (await api.get(`/users/${knownId}`)).status === 200) return knownId;
  const create = (email: string) => api.post<UserResponse>('/users', { email, name: 'Ada Sample' });
  const answer = await create('ada@example.com');
  // The address is taken when the file with the id was deleted: then another user is made.
  return expected(answer.status === 409 ? await create(`ada-${randomUUID()}@example.com`) : answer, 201).userId;
}

/** The sample products; made when they are not there. */
export async function ensureProducts(api: Api): Promise<void> {
  const ensure = async (product: typeof tea): Promise<void> => {
    const known = await api.get<ProductResponse>(`/products/${product.sku}`);
    if (known.status === 404) expected(await api.post<ProductResponse>('/products', product), 201);
    else expected(known, 200);
  };
  await Promise.all([ensure(tea), ensure(cup)]);
}
