import { expect, test } from '@jest/globals';
import { cancelReasons } from '../../contracts/saga/failures';
import { letterKinds } from './domain';
import { languages, write, type LanguageName, type Letter } from './templates';

const orderId = '0192f3a0-0000-7000-8000-00000000000a';
const letter = (changed: Partial<Letter> = {}): Letter => ({
  kind: 'confirmed',
  orderId,
  name: 'Ada Lovelace',
  total: 'EUR 25.00',
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

test('a name is text: it brings no HTML and no line of its own', () => {
  const { text, html, subject } = write(letter({ name: '<script>alert("x")</script>\r\nBcc: all@example.com' }), 'en');
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;');
  expect(text).not.toMatch(/^Bcc:/m);
  expect(subject).not.toMatch(/[\r\n]/);
});
