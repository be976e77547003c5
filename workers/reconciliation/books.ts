import type { Queryable } from '../../lib/db/database';

/** The databases whose books are compared. */
export const books = ['orders', 'payments', 'shipping', 'inventory', 'gateway'] as const;

/** The books, by database. */
export type Books = Record<(typeof books)[number], Queryable>;

/** Opens every one of them. @param open a database, by name. */
export const openBooks = (open: (name: string) => Queryable): Books =>
  // Each name is one of the list, and all of them are there.
  Object.fromEntries(books.map((name) => [name, open(name)])) as Books;
