import { withTotal, type OrderLine } from '../../contracts/events/order';
import { totalOf, type Money } from '../../contracts/money';
import { platformError } from './errors';

/** A product as the order service knows it: a copy, kept up to date by inventory's events. */
export interface Product {
  sku: string;
  name: string;
  price: Money;
}

/**
 * The lines of an order with today's names and prices, and their sum.
 * @throws `unknown-product` for a SKU without a product, `currency-mix` when the prices have more than one currency.
 */
export function priceOrder(
  wanted: readonly { sku: string; quantity: number }[],
  products: ReadonlyMap<string, Product>,
): { items: OrderLine[]; total: Money } {
  const items = wanted.map(({ sku, quantity }, index) => {
    const product = products.get(sku);
    if (!product)
      throw platformError('unknown-product', `There is no product ${sku}`, { field: `items[${index}].sku` });
    return withTotal({ sku, name: product.name, quantity, price: product.price });
  });
  const currencies = [...new Set(items.map(({ price }) => price.currency))];
  if (currencies.length > 1) {
    throw platformError(
      'currency-mix',
      `The products are priced in ${currencies.join(' and ')}; place an order for each currency`,
      { field: 'items' },
    );
  }
  return { items, total: totalOf(items) };
}
