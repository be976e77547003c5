import type { Kysely } from 'kysely';
import type { OrderTables } from '../../services/orders/tables';

/** A user that the order service knows, without an event of the user service. */
export async function seedUserProfile(db: Kysely<OrderTables>, profile: OrderTables['user_profiles']): Promise<void> {
  await db.insertInto('user_profiles').values(profile).execute();
}

/** A product that the order service knows, without an event of inventory. */
export async function seedProduct(db: Kysely<OrderTables>, product: OrderTables['products']): Promise<void> {
  await db.insertInto('products').values(product).execute();
}
