import { exchanges } from '../../contracts/events';
import type { Queryable } from '../../lib/db/database';

const { orders, payments, shipping, inventory } = exchanges;

/** The databases whose records are compared: those of the services in the order saga, and the gateway's. */
export const books = [
  orders.producer,
  payments.producer,
  shipping.producer,
  inventory.producer,
  // A further database of payments: `services/payments/module.ts`.
  'gateway',
] as const;

/** The databases, by name. */
export type Books = Record<(typeof books)[number], Queryable>;

/** Opens all of them. @param open opens a database by its name. */
export const openBooks = (open: (name: string) => Queryable): Books =>
  // The keys are exactly the names of the list.
  Object.fromEntries(books.map((name) => [name, open(name)])) as Books;
