import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files';

/** A word of the domain in a file that must know none. */
export interface DomainWord {
  line: number;
  word: string;
  text: string;
}

/** What orders, payments and shipping are made of, and the platform's own name: who copies `lib/` has others. */
const words = new Set(
  ['order', 'payment', 'shipment', 'customer', 'parcel', 'purchase', 'stock', 'sku', 'refund', 'sagaworks'].flatMap(
    (word) => [word, `${word}s`],
  ),
);

/** English, and words that look like the domain's and are not. */
const allowed: readonly RegExp[] = [
  // A sequence: "in order", "in any order", "the order of the versions", "no order to keep", "keep the order".
  /\b(in|out of|in the|in that|in their|in its|in log|in one|in another|in any|in no|in whatever|in reverse|in two|any|no|keep the|log's|whatever|an) orders?\b/gi,
  /\bin \([a-z]+, [a-z]+\) order\b/gi,
  /\b(in|to|of|keep) (the )?orders? (of|that|to|in)\b/gi,
  /\bthe order of (the|their|its)\b/gi,
  // SQL, and the name of an index.
  /\border by\b|\.orderBy\(|\bevents_in_log_order\b/gi,
];

/** The words of the domain in a text, also inside names: `orderId`, `order-service`, `PAYMENT_URL`. */
export function domainWords(text: string): DomainWord[] {
  return text.split('\n').flatMap((line, index) => {
    const rest = allowed.reduce((left, phrase) => left.replace(phrase, ''), line);
    const found = wordsOf(rest).find((word) => words.has(word));
    return found === undefined ? [] : [{ line: index + 1, word: found, text: line.trim() }];
  });
}

const wordsOf = (text: string): string[] =>
  (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase());

const exempt = new Set([
  // The one place where the platform's name stands (lib/README.md).
  'lib/config/namespace.ts',
]);

/** Searches names and contents of the files below a folder, tests included. @throws Error that names each word. */
export function refuseDomainWords(folder = 'lib'): void {
  const found = sourceFiles(folder).flatMap((path) => {
    const inName = domainWords(path.slice(folder.length)).map(({ word }) => `${path}: "${word}" in its name`);
    const inText = exempt.has(path) ? [] : domainWords(readFileSync(path, 'utf8'));
    return [...inName, ...inText.map(({ line, word, text }) => `${path}:${line}: "${word}" in: ${text}`)];
  });
  if (found.length > 0) throw new Error(`Words of the domain, which ${folder}/ must not know:\n${found.join('\n')}`);
}
