import type { Product } from '../lib/http/product';
import { apiDescription } from './http/api';

/** The platform's name and description for clients. */
export const product: Product = {
  name: 'Sagaworks',
  description: 'Order placement and fulfilment.',
  api: apiDescription,
  problems: 'https://sagaworks.dev/problems',
};
