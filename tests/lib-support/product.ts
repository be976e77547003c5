import type { Product } from '../../lib/http/product';

/** The product that lib's tests serve. */
export const product: Product = {
  name: 'Notes',
  description: 'Notes of users.',
  problems: 'https://notes.example/problems',
};
