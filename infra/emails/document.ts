import type { LanguageName } from '../../services/notifications/templates';
import { cancellationSentences, languageNames, sampleEmails, type SampleEmail } from './samples';

export const documentPath = 'docs/emails.md';

/** Where the screenshot of an e-mail is. */
export const screenshotPath = ({ language, kind }: Pick<SampleEmail, 'language' | 'kind'>): string =>
  `docs/emails/${language}-${kind}.png`;

const titles: Readonly<Record<LanguageName, string>> = { en: 'English', de: 'German' };

/** `docs/emails.md`: every e-mail in every language, as text and as a screenshot. */
export const emailDocument = (): string => `# All e-mails

Every e-mail that customers get, in every language, as the templates in \`services/notifications/languages/\` write it.
[E-mails to customers](reference/notifications.md) says when each is sent. \`npm run docs:emails\` writes this page again, and the screenshots
where Chromium is installed; a test compares the page with the templates.

${languageNames.map(chapter).join('\n')}`;

const chapter = (language: LanguageName): string => `## ${titles[language]}

${sampleEmails(language).map(section).join('\n')}
### ${titles[language]}: reasons of cancelled orders

${cancellationSentences(language)
  .map((sentence) => `- ${sentence}`)
  .join('\n')}
`;

const section = (email: SampleEmail): string => `### ${titles[email.language]}: ${email.kind}

![${email.subject}](${screenshotPath(email).replace('docs/', '')})

\`\`\`text
Subject: ${email.subject}

${email.text.trimEnd()}
\`\`\`
`;
