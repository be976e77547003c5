import { languages, layOut, type LanguageName, type WrittenEmail } from '../templates';

/** What an e-mail about an account says. */
export type AccountEmailFacts =
  { kind: 'email_change'; /** What confirms the address. */ link: string } | { kind: 'email_change_refused' };

/** Writes an e-mail about an account. Nothing in it was typed by a person. */
export function writeAccountEmail(about: AccountEmailFacts, language: LanguageName): WrittenEmail {
  const { account, regards } = languages[language];
  const link = about.kind === 'email_change' ? about.link : '';
  const [subject, ...paragraphs] = account.emails[about.kind](link);
  return layOut(subject, [account.greeting, ...paragraphs, regards], language);
}
