import { writeAccountEmail, type AccountEmailFacts } from '../../services/notifications/account-emails/templates';
import { emailKinds, type AccountEmailKind, type EmailKind } from '../../services/notifications/domain';
import { languages, write, type LanguageName, type WrittenEmail } from '../../services/notifications/templates';

/** Every language that e-mails are written in. */
export const languageNames = Object.keys(languages) as LanguageName[];

/** An e-mail of each kind, as the templates write it. */
export interface SampleEmail extends WrittenEmail {
  kind: EmailKind | AccountEmailKind;
  language: LanguageName;
}

const sample = {
  orderId: '0192f3a0-0000-7000-8000-00004f7a2c19',
  name: 'Ada Lovelace',
  total: { amount: 125_000, currency: 'EUR' },
};

const accountSamples: readonly AccountEmailFacts[] = [
  { kind: 'email_change', link: 'https://shop.example/confirm?emailToken=Vd8cKJkJXyYtY0oYfR8cWl3w6Uq3lSx1m2E4bN5hTzA' },
  { kind: 'email_change_refused' },
];

export const sampleEmails = (language: LanguageName): SampleEmail[] => [
  ...emailKinds.map((kind) => ({
    kind,
    language,
    ...write({ ...sample, kind, reason: 'out-of-stock' }, language),
  })),
  ...accountSamples.map((about) => ({ kind: about.kind, language, ...writeAccountEmail(about, language) })),
];

/** The sentence that a cancelled order's e-mail says for each reason. */
export const cancellationSentences = (language: LanguageName): string[] =>
  Object.keys(languages[language].reasons).map(
    (reason) => write({ ...sample, kind: 'cancelled', reason }, language).text.split('\n\n')[1] ?? '',
  );
