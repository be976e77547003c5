import { emailKinds, type EmailKind } from '../../services/notifications/domain';
import { languages, write, type LanguageName, type WrittenEmail } from '../../services/notifications/templates';

/** Every language that e-mails are written in. */
export const languageNames = Object.keys(languages) as LanguageName[];

/** An e-mail of each kind, as the templates write it. */
export interface SampleEmail extends WrittenEmail {
  kind: EmailKind;
  language: LanguageName;
}

const sample = {
  orderId: '0192f3a0-0000-7000-8000-00004f7a2c19',
  name: 'Ada Lovelace',
  total: { amount: 125_000, currency: 'EUR' },
};

export const sampleEmails = (language: LanguageName): SampleEmail[] =>
  emailKinds.map((kind) => ({ kind, language, ...write({ ...sample, kind, reason: 'out-of-stock' }, language) }));

/** The sentence that a cancelled order's e-mail says for each reason. */
export const cancellationSentences = (language: LanguageName): string[] =>
  Object.keys(languages[language].reasons).map(
    (reason) => write({ ...sample, kind: 'cancelled', reason }, language).text.split('\n\n')[1] ?? '',
  );
