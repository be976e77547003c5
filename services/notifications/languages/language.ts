import type { LetterKind } from '../domain';

/** A language: everything that is said in it. */
export interface Language {
  greeting: (name: string) => string;
  regards: string;
  /** Subject and paragraphs of each letter. */
  letters: Record<LetterKind, (letter: { order: string; total: string; reason: string }) => [string, ...string[]]>;
  /**
   * Why an order was cancelled: a clause that completes the sentence "Your order has been cancelled …"; `other` for reasons
   * that have none of their own.
   */
  reasons: { readonly other: string; readonly [reason: string]: string };
}
