import type { EmailKind } from '../domain';

/** A language: every text of an e-mail in it. */
export interface Language {
  greeting: (name: string) => string;
  regards: string;
  /** Subject and paragraphs of each e-mail. */
  emails: Record<EmailKind, (about: { order: string; total: string; reason: string }) => [string, ...string[]]>;
  /**
   * Why an order was cancelled: a clause that completes the sentence "Your order has been cancelled …"; `other` for reasons
   * without a clause of their own.
   */
  reasons: { readonly other: string; readonly [reason: string]: string };
}
