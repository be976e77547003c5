/** What an order is about; the rest of it is always the same. */
export interface Wanted {
  userId: string;
  sku: string;
  quantity?: number;
  token?: string;
  postalCode?: string;
}

/** The body of an order. */
export const orderBody = ({ userId, sku, quantity = 1, token = 'tok_ok', postalCode = '10115' }: Wanted) => ({
  userId,
  items: [{ sku, quantity }],
  payment: { token },
  shippingAddress: { name: 'Ada', line1: '1 Loop Street', city: 'Berlin', postalCode, country: 'DE' },
});
