import type { Product } from '../lib/http/product';

/** The platform's name and description for clients. */
export const product: Product = {
  name: 'Sagaworks',
  description: 'Order placement and fulfilment.',
  problems: 'https://sagaworks.dev/problems',
};
