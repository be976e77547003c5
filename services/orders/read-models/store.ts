import type { Kysely } from 'kysely';
import type { OrderTables } from '../tables';

type Db = Kysely<OrderTables>;

/** Adds or overwrites the copy of a user. */
export async function saveUserProfile(db: Db, profile: OrderTables['user_profiles']): Promise<void> {
  await db
    .insertInto('user_profiles')
    .values(profile)
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ email: profile.email, name: profile.name }))
    .execute();
}

/** Takes over what changed of a user. */
export async function changeUserProfile(
  db: Db,
  userId: string,
  change: { email?: string | undefined; name?: string | undefined },
): Promise<void> {
  await db.updateTable('user_profiles').set(change).where('user_id', '=', userId).execute();
}

/** Forgets a user. */
export async function removeUserProfile(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('user_profiles').where('user_id', '=', userId).execute();
}

/** Adds or overwrites the copy of a product. */
export async function saveProduct(db: Db, product: OrderTables['products']): Promise<void> {
  const { sku: _, ...changed } = product;
  await db
    .insertInto('products')
    .values(product)
    .onConflict((conflict) => conflict.column('sku').doUpdateSet(changed))
    .execute();
}

/** Takes over what changed of a product. */
export async function changeProduct(
  db: Db,
  sku: string,
  change: Partial<Omit<OrderTables['products'], 'sku'>>,
): Promise<void> {
  await db.updateTable('products').set(change).where('sku', '=', sku).execute();
}
