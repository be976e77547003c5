import { expect, test } from '@jest/globals';
import { cancelReasons } from '../../contracts/saga/activities';
import { writeAccountEmail } from './account-emails/templates';
import { emailKinds } from './domain';
import { languages, write, type EmailFacts, type LanguageName } from './templates';

const orderId = '0192f3a0-0000-7000-8000-00000000000a';
const email = (changed: Partial<EmailFacts> = {}): EmailFacts => ({
  kind: 'confirmed',
  orderId,
  name: 'Ada Lovelace',
  total: { amount: 2500, currency: 'EUR' },
  ...changed,
});
const names = Object.keys(languages) as LanguageName[];

test.each(names.flatMap((language) => emailKinds.map((kind) => [language, kind] as const)))(
  '%s: the e-mail %s has the same words in text and HTML',
  (language, kind) => {
    const { subject, text, html } = write(email({ kind, reason: 'out-of-stock' }), language);
    expect(subject).toContain('0000000A');
    expect(text).toContain('Ada Lovelace');
    const words = html
      .replaceAll(/<title>.*<\/title>|<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(words).toBe(text.replaceAll(/\s+/g, ' ').trim());
  },
);

test.each(names)('%s: the e-mails about an account name nobody, and the link is one', (language) => {
  const link = 'https://shop.example/confirm?emailToken=a_-b';
  const { text, html } = writeAccountEmail({ kind: 'email_change', link }, language);
  expect(text.split('\n\n')[2]).toBe(link);
  expect(html).toContain(`<p><a href="${link}">${link}</a></p>`);
  const warning = writeAccountEmail({ kind: 'email_change_refused' }, language);
  expect(warning.html).not.toContain('<a');
  for (const said of [text, warning.text]) expect(said).toMatch(/^(Hello|Guten Tag),\n\n/);
});

test.each(names)('%s: a message follows the first paragraph, on one line and without markup', (language) => {
  const message = 'We do <b>not</b> ship\r\npallets';
  const { text, html } = write(email({ kind: 'cancelled', reason: 'review-rejected', message }), language);
  expect(text.split('\n\n')[2]).toBe('We do <b>not</b> ship pallets');
  expect(html).toContain('<p>We do &lt;b&gt;not&lt;/b&gt; ship pallets</p>');
  expect(write(email({ kind: 'cancelled', reason: 'review-rejected' }), language).text).not.toContain('undefined');
});

test('every language has a clause for the same reasons; any other reason has the general one', () => {
  const [first = [], ...others] = names.map((language) => Object.keys(languages[language].reasons).sort());
  for (const known of others) expect(known).toEqual(first);
  for (const language of names) {
    const say = (reason: string) => write(email({ kind: 'cancelled', reason }), language).text;
    expect(new Set(first.map(say)).size).toBe(first.length);
    expect(say('a-new-one')).toBe(say('other'));
    expect([...cancelReasons, 'a-new-one'].map(say).join()).not.toMatch(/out-of-stock|payment-declined|a-new-one/);
  }
});

test('a cancelled order is a whole sentence, whatever the reason', () => {
  const said = (language: LanguageName, reason?: string) =>
    write(email({ kind: 'cancelled', reason }), language).text.split('\n\n')[1];
  expect(said('en', 'customer-request')).toBe('Your order 0000000A has been cancelled as you requested.');
  expect(said('en', 'a reason of tomorrow')).toBe(
    'Your order 0000000A has been cancelled because we are unable to fulfil it.',
  );
  expect(said('de', 'customer-request')).toBe('wir haben Ihre Bestellung 0000000A storniert, wie von Ihnen gewünscht.');
  for (const reason of cancelReasons) {
    expect(said('en', reason)).toMatch(/^Your order 0000000A has been cancelled (because .+|as you requested)\.$/);
    expect(said('de', reason)).toMatch(/^wir haben Ihre Bestellung 0000000A storniert, (weil|wie) .+\.$/);
  }
});

test('a declined cancellation says why, and what the customer can do', () => {
  expect(write(email({ kind: 'cancellation_declined' }), 'en').text).toContain(
    'we could not cancel your order 0000000A: the parcel has already been delivered. You can return it for a full refund.',
  );
});

test('a name is text: it adds no HTML and no line', () => {
  const { text, html, subject } = write(email({ name: '<script>alert("x")</script>\r\nBcc: all@example.com' }), 'en');
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
  const { text } = write(email({ total: { amount, currency } }), language);
  expect(text.replaceAll('\u00a0', ' ')).toContain(said);
});
