import { test } from '@jest/globals';
import { productAdded, productChanged } from '../../contracts/events/inventory';
import { scenariosOf } from '../../lib/aggregate/testing';
import { product, type ProductCommand } from './product';

const given = scenariosOf(product);
const tea = { sku: 'TEA-1', name: 'Green tea', price: { amount: 1250, currency: 'EUR' } };
const added = productAdded(tea);
const change = (changes: { name?: string; price?: typeof tea.price }): ProductCommand => ({
  type: 'change',
  sku: tea.sku,
  changes,
});

test('a product is added once', () => {
  given()
    .when({ type: 'add', ...tea })
    .then(added);
  given(added)
    .when({ type: 'add', ...tea })
    .thenRefused('conflict', { field: 'sku' });
});

test('only what really changes of a product is in the event', () => {
  given(added)
    .when(change({ name: 'Tea', price: { ...tea.price } }))
    .then(productChanged({ sku: tea.sku, name: 'Tea' }));
  const cheaper = { amount: 1, currency: 'EUR' };
  given(added)
    .when(change({ price: cheaper }))
    .then(productChanged({ sku: tea.sku, price: cheaper }));
  given(added)
    .when(change({ name: tea.name }), change({ price: { ...tea.price } }))
    .then();
});

test('a product that is not there cannot be changed', () => {
  given()
    .when(change({ name: 'Tea' }))
    .thenRefused('not-found');
});
