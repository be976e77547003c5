import type { Product } from '../lib/http/product';

/** How the platform calls itself to clients. */
export const product: Product = {
  name: 'Sagaworks',
  description: 'Orders, and all that comes of them.',
  problems: 'https://sagaworks.dev/problems',
};
