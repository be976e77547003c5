import type { Money } from '../../contracts/money';
import { fractionDigits, toDecimal } from '../../contracts/saga/format';
import type { EmailKind } from './domain';
import { de } from './languages/de';
import { en } from './languages/en';

/** What an e-mail is about. */
export interface EmailFacts {
  kind: EmailKind;
  orderId: string;
  /** The recipient's name. */
  name: string;
  total: Money;
  reason?: string | undefined;
  /** Words for the customer, from a person: a paragraph of its own after the first. */
  message?: string | undefined;
}

export const languages = { en, de } as const;
export type LanguageName = keyof typeof languages;

/** The text of an e-mail: plain text and HTML with the same words. */
export interface WrittenEmail {
  subject: string;
  text: string;
  html: string;
}

/** Inline, as mail programs remove style sheets. */
const style = 'font: 16px/1.5 Arial, sans-serif; color: #222; max-width: 36em; margin: 24px;';

/** Writes an e-mail. Names and messages are typed by people: escaped in HTML, and without control characters everywhere. */
export function write(about: EmailFacts, language: LanguageName): WrittenEmail {
  const { greeting, emails, reasons, regards } = languages[language];
  const order = about.orderId.slice(-8).toUpperCase();
  const reason = Object.entries(reasons).find(([known]) => known === about.reason)?.[1] ?? reasons.other;
  const total = priceIn(language, about.total);
  const [subject, first = '', ...others] = emails[about.kind]({ order, total, reason });
  const message = about.message === undefined ? [] : [oneLine(about.message)];
  const body = [greeting(oneLine(about.name)), first, ...message, ...others, regards];
  return layOut(subject, body, language);
}

/** An e-mail of paragraphs; one that is an address of the web is a link. */
export function layOut(subject: string, paragraphs: readonly string[], language: LanguageName): WrittenEmail {
  const html = paragraphs.map((paragraph) => `<p>${inHtml(paragraph)}</p>`).join('\n');
  return {
    subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="${language}">\n<meta charset="utf-8">\n<title>${escapeHtml(subject)}</title>\n<body style="${style}">\n${html}\n</body>\n</html>\n`,
  };
}

function inHtml(paragraph: string): string {
  const escaped = escapeHtml(paragraph).replaceAll('\n', '<br>');
  return /^https?:\/\/\S+$/.test(paragraph) ? `<a href="${escaped}">${escaped}</a>` : escaped;
}

/** Money in the notation of a language: `€1,250.00`, `1.250,00 €`. The digits are ISO 4217's; CLDR's sometimes differ. */
function priceIn(language: LanguageName, money: Money): string {
  const { currency } = money;
  const digits = fractionDigits(currency);
  const style = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language, style).format(toDecimal(money));
}

/** Removes control characters, above all line ends, which could begin another header. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
