import { productAdded, productChanged } from '../../contracts/events/inventory';
import type { ChangeProductRequest } from '../../contracts/http/products';
import type { Money } from '../../contracts/money';
import { defineAggregate } from '../../lib/aggregate/aggregate';
import { platformError } from '../../lib/errors/errors';
import type { DataOf, EventOf } from '../../lib/events/define';

export interface Product {
  sku: string;
  name: string;
  price: Money;
}

export type ProductCommand = ({ type: 'add' } & Product) | { type: 'change'; sku: string; wish: ChangeProductRequest };

type ProductEvent = EventOf<typeof productAdded | typeof productChanged>;

/** @throws `conflict` when the SKU is taken, `not-found` when there is nothing to change. */
function decide(command: ProductCommand, product: Product | undefined): ProductEvent[] {
  const { sku } = command;
  if (command.type === 'add') {
    if (product) throw platformError('conflict', `There is a product ${sku}`, { field: 'sku' });
    return [productAdded({ sku, name: command.name, price: command.price })];
  }
  if (!product) throw platformError('not-found', `There is no product ${sku}`);
  return change(product, command.wish);
}

/** What a wished change really changes; nothing happens when everything is so already. */
function change(product: Product, wish: ChangeProductRequest): ProductEvent[] {
  const name = wish.name === product.name ? undefined : wish.name;
  const price = isSamePrice(wish.price, product.price) ? undefined : wish.price;
  if (name === undefined && price === undefined) return [];
  const changed = { ...(name === undefined ? {} : { name }), ...(price === undefined ? {} : { price }) };
  return [productChanged({ sku: product.sku, ...changed })];
}

const isSamePrice = (a: Money | undefined, b: Money): boolean => a?.amount === b.amount && a.currency === b.currency;

function evolve(product: Product | undefined, event: ProductEvent): Product | undefined {
  return event.type === 'product.added' ? event.data : product && afterChange(product, event.data);
}

/** The product after a change. */
export const afterChange = (product: Product, { name, price }: DataOf<typeof productChanged>): Product => ({
  ...product,
  name: name ?? product.name,
  price: price ?? product.price,
});

export const product = defineAggregate({ stream: 'product', events: [productAdded, productChanged], decide, evolve });
