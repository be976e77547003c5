import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { orderEvents } from '../../contracts/events/order';
import type { EventContract } from '../../lib/events/define';
import { order, type OrderEvent } from './domain';
import { lineForCustomer, orderForCustomer } from './customer-view';

const userId = randomUUID();
const operator = randomUUID();

/** Every event with all its fields, each text of which says where it is from. */
const marked = (orderEvents as readonly EventContract[]).map(({ type, version, schemas, example }) => {
  const data = { ...optionalTexts(schemas.at(-1)), ...(example as object) };
  return { type, dataVersion: version, data: markTexts(data, type) };
});

/** The optional texts of an event, which its example may lack. */
function optionalTexts(schema: unknown): Record<string, string> {
  const { shape } = schema as { shape: Record<string, { safeParse: (value: unknown) => { success: boolean } }> };
  const texts = Object.entries(shape).filter(([, field]) => field.safeParse(undefined).success);
  return Object.fromEntries(texts.map(([name]) => [name, 'text']));
}

function markTexts(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((one) => markTexts(one, path));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, markTexts(one, `${path} ${key}`)]));
  return typeof value === 'string' ? `«${path}»` : value;
}

/** What a customer is shown of an event. @param actor whose request led to it */
const seenOf = ({ type, dataVersion, data }: (typeof marked)[number], actor: string) =>
  lineForCustomer(
    {
      recorded: {
        ...{ position: 1, id: randomUUID(), stream: 'order-1', version: 1, type, dataVersion, data },
        ...{ metadata: { correlationId: 'correlation', causationId: 'causation', actor }, time: new Date() },
      },
      today: { type, dataVersion, data } as OrderEvent,
    },
    userId,
  );

const marksIn = (value: unknown): string[] =>
  Array.from(JSON.stringify(value).matchAll(/«([^»]+)»/g), ([, path = '']) => path);

/** The fields whose text customers read. A new one is internal until it is added here and to `dataFor`. */
const told = [
  ...['sku', 'name', 'price currency', 'lineTotal currency'].map((field) => `order.created items ${field}`),
  'order.created destination',
  'order.created total currency',
  'order.created ifUnavailable',
  'order.reduced dropped',
  'order.reduced total currency',
  'order.cancellation_declined reason',
  'order.cancelled reason',
  'order.cancelled message',
];

test('of the events of an order a customer is told these fields, and of their own requests the reason', () => {
  expect(marked.length).toBeGreaterThan(10);
  expect([...new Set(marksIn(marked.map((one) => seenOf(one, operator))))].sort()).toEqual([...told].sort());
  const ofOwn = ['order.cancellation_requested reason', 'order.return_requested reason'];
  expect([...new Set(marksIn(marked.map((one) => seenOf(one, userId))))].sort()).toEqual([...told, ...ofOwn].sort());
});

test('a line has no other keys than these: nobody is named, and nothing is there twice', () => {
  const lines = marked.flatMap((one) => seenOf(one, operator) ?? []);
  expect(new Set(lines.flatMap((line) => Object.keys(line)))).toEqual(new Set(['version', 'type', 'time', 'data']));
  expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${operator}|correlation|causation|payment|tok_|raw`));
  expect(lines.map(({ type }) => type)).not.toContain('order.attention_needed');
});

test('an order shows its customer neither the detail of its reason nor what operators were asked', () => {
  const created = marked.find(({ type }) => type === 'order.created');
  const facts = marked.map((one, index) => ({ ...one, version: index + 1, time: new Date() }) as never);
  const state = facts.reduce<ReturnType<typeof order.evolve>>((before, fact) => order.evolve(before, fact), undefined);
  if (!created || !state) throw new Error('There is no order');
  const timeline = marked.map(({ type }, index) => ({ version: index + 1, type, time: new Date() }));
  const snapshot = { order: state, version: 12, placedAt: new Date(), updatedAt: new Date(), timeline };
  const shippingAddress = { name: 'Ada', line1: '1 Street', city: 'London', postalCode: 'SW1Y', country: 'GB' };
  const shown = orderForCustomer(snapshot, { open: () => ({ payment: { token: '«token»' }, shippingAddress }) });
  expect(marksIn(shown).filter((path) => /detail|step|attention|review|token/.test(path))).toEqual([]);
  expect(shown).toMatchObject({ message: '«order.cancelled message»' });
  expect(shown.timeline.map(({ type }) => type)).not.toContain('order.attention_needed');
});

test('what was out of stock is told in detail; what an operator noted on an old order is not', () => {
  const ofReason = (reason: string) =>
    seenOf({ type: 'order.cancelled', dataVersion: 2, data: { orderId: '1', reason, detail: 'TEA-1: 5 wanted' } }, '');
  expect(ofReason('out-of-stock')?.data).toEqual({ reason: 'out-of-stock', message: 'TEA-1: 5 wanted' });
  expect(ofReason('review-rejected')?.data).toEqual({ reason: 'review-rejected' });
  expect(ofReason('failed')?.data).toEqual({ reason: 'failed' });
});
