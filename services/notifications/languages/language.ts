import type { AccountEmailKind, EmailKind } from '../domain';

/** A language: every text of an e-mail in it. */
export interface Language {
  greeting: (name: string) => string;
  regards: string;
  /** Subject and paragraphs of each e-mail. */
  emails: Record<EmailKind, (about: { order: string; total: string; reason: string }) => [string, ...string[]]>;
  /** E-mails about an account, to people whose name is not known. */
  account: {
    greeting: string;
    /** Subject and paragraphs of each e-mail; a link is a paragraph of its own. */
    emails: Record<AccountEmailKind, (link: string) => [string, ...string[]]>;
  };
  /**
   * Why an order was cancelled: a clause that completes the sentence "Your order has been cancelled …"; `other` for reasons
   * without a clause of their own.
   */
  reasons: { readonly other: string; readonly [reason: string]: string };
}
