import type { Money } from '../../contracts/money';
import { fractionDigits, toDecimal } from '../../contracts/saga/format';
import type { LetterKind } from './domain';
import { de } from './languages/de';
import { en } from './languages/en';

/** What a letter is about. */
export interface Letter {
  kind: LetterKind;
  orderId: string;
  /** The recipient's. */
  name: string;
  total: Money;
  reason?: string | undefined;
}

export const languages = { en, de } as const;
export type LanguageName = keyof typeof languages;

/** A letter in words: plain text and HTML that say the same. */
export interface Written {
  subject: string;
  text: string;
  html: string;
}

/** Writes a letter. Names come from outside: they are escaped in HTML, and lose control characters everywhere. */
export function write(letter: Letter, language: LanguageName): Written {
  const { greeting, letters, reasons, regards } = languages[language];
  const order = letter.orderId.slice(-8).toUpperCase();
  const reason = Object.entries(reasons).find(([known]) => known === letter.reason)?.[1] ?? reasons.other;
  const [subject, ...paragraphs] = letters[letter.kind]({ order, total: priceIn(language, letter.total), reason });
  const body = [greeting(oneLine(letter.name)), ...paragraphs, regards];
  const html = body.map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`).join('\n');
  return {
    subject,
    text: `${body.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="${language}">\n<meta charset="utf-8">\n<title>${escapeHtml(subject)}</title>\n${html}\n</html>\n`,
  };
}

/** Money as people write it in a language: `€1,250.00`, `1.250,00 €`. The digits are ISO 4217's, which CLDR's are not always. */
function priceIn(language: LanguageName, money: Money): string {
  const { currency } = money;
  const digits = fractionDigits(currency);
  const style = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language, style).format(toDecimal(money));
}

/** Without control characters, line ends above all: nothing that could begin a header of its own. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
