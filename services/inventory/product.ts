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

export type ProductCommand =
  ({ type: 'add' } & Product) | { type: 'change'; sku: string; changes: ChangeProductRequest };

type ProductEvent = EventOf<typeof productAdded | typeof productChanged>;

/** @throws `conflict` when the SKU is taken, `not-found` when there is no product to change. */
function decide(command: ProductCommand, product: Product | undefined): ProductEvent[] {
  const { sku } = command;
  if (command.type === 'add') {
    if (product)
      throw platformError('conflict', `Product ${sku} exists already; choose another SKU, or change that product`, {
        field: 'sku',
      });
    return [productAdded({ sku, name: command.name, price: command.price })];
  }
  if (!product) throw platformError('not-found', `There is no product ${sku}`);
  return change(product, command.changes);
}

/** Only what really changes is in the event; without a difference there is none. */
function change(product: Product, changes: ChangeProductRequest): ProductEvent[] {
  const name = changes.name === product.name ? undefined : changes.name;
  const price = isSamePrice(changes.price, product.price) ? undefined : changes.price;
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
