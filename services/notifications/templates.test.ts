import { expect, test } from '@jest/globals';
import { cancelReasons } from '../../contracts/saga/activities';
import { letterKinds } from './domain';
import { languages, write, type LanguageName, type Letter } from './templates';

const orderId = '0192f3a0-0000-7000-8000-00000000000a';
const letter = (changed: Partial<Letter> = {}): Letter => ({
  kind: 'confirmed',
  orderId,
  name: 'Ada Lovelace',
  total: { amount: 2500, currency: 'EUR' },
  ...changed,
});
const names = Object.keys(languages) as LanguageName[];

test.each(names.flatMap((language) => letterKinds.map((kind) => [language, kind] as const)))(
  '%s: a letter says what %s means, in text and HTML alike',
  (language, kind) => {
    const { subject, text, html } = write(letter({ kind, reason: 'out-of-stock' }), language);
    expect(subject).toContain('0000000A');
    expect(text).toContain('Ada Lovelace');
    const words = html
      .replaceAll(/<title>.*<\/title>|<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(words).toBe(text.replaceAll(/\s+/g, ' ').trim());
  },
);

test('a reason has words of its own, the same ones in every language; any other has the general ones', () => {
  const [first = [], ...others] = names.map((language) => Object.keys(languages[language].reasons).sort());
  for (const known of others) expect(known).toEqual(first);
  for (const language of names) {
    const say = (reason: string) => write(letter({ kind: 'cancelled', reason }), language).text;
    expect(new Set(first.map(say)).size).toBe(first.length);
    expect(say('a-new-one')).toBe(say('other'));
    expect([...cancelReasons, 'a-new-one'].map(say).join()).not.toMatch(/out-of-stock|payment-declined|a-new-one/);
  }
});

test('a cancelled order is a whole sentence, whatever the reason', () => {
  const said = (language: LanguageName, reason?: string) =>
    write(letter({ kind: 'cancelled', reason }), language).text.split('\n\n')[1];
  expect(said('en', 'customer-request')).toBe('Your order 0000000A has been cancelled as you requested.');
  expect(said('en', 'a reason of tomorrow')).toBe(
    'Your order 0000000A has been cancelled because we are unable to fulfil it.',
  );
  expect(said('de', 'customer-request')).toBe('Ihre Bestellung 0000000A wurde storniert, wie Sie es gewünscht haben.');
  for (const reason of cancelReasons) {
    expect(said('en', reason)).toMatch(/^Your order 0000000A has been cancelled (because .+|as you requested)\.$/);
    expect(said('de', reason)).toMatch(/^Ihre Bestellung 0000000A wurde storniert, (weil|wie) .+\.$/);
  }
});

test('a cancellation that came too late says that the order could not be stopped', () => {
  expect(write(letter({ kind: 'cancellation_declined' }), 'en').text).toContain(
    'We could not stop your order 0000000A in time: it has already been delivered. You can return it for a full refund.',
  );
});

test('a name is text: it brings no HTML and no line of its own', () => {
  const { text, html, subject } = write(letter({ name: '<script>alert("x")</script>\r\nBcc: all@example.com' }), 'en');
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;');
  expect(text).not.toMatch(/^Bcc:/m);
  expect(subject).not.toMatch(/[\r\n]/);
});

test.each<[LanguageName, number, string, string]>([
  ['en', 125_000, 'EUR', '€1,250.00'],
  ['de', 125_000, 'EUR', '1.250,00 €'],
  ['en', 7_128_000_000_000_001, 'EUR', '€71,280,000,000,000.01'],
  ['de', 7_128_000_000_000_001, 'EUR', '71.280.000.000.000,01 €'],
  ['en', 2500, 'JPY', '¥2,500'],
  ['de', 2500, 'KWD', '2,500 KWD'],
  ['en', 2500, 'COP', 'COP 25.00'],
  ['en', 2500, 'ZZZ', 'ZZZ 25.00'],
])('%s: %i minor units of %s are %s', (language, amount, currency, said) => {
  const { text } = write(letter({ total: { amount, currency } }), language);
  expect(text.replaceAll('\u00a0', ' ')).toContain(said);
});
