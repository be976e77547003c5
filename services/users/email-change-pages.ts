/** The texts of the pages behind the link, in the languages of the e-mails. */
const texts = {
  en: {
    asked: 'Use this e-mail address for your account?',
    confirm: 'Confirm',
    changed: 'Your e-mail address has been changed.',
  },
  de: {
    asked: 'Diese E-Mail-Adresse für Ihr Kundenkonto verwenden?',
    confirm: 'Bestätigen',
    changed: 'Ihre E-Mail-Adresse wurde geändert.',
  },
} as const;
type Language = keyof typeof texts;

/** The language that a browser prefers, of those that there are; English when it says nothing. */
export const languageOf = (accepted = ''): Language => (/^de\b/i.test(accepted.trim()) ? 'de' : 'en');

/** Asks before anything changes. @param action where the button leads to; it needs no escaping */
export const askedPage = (language: Language, action: string): string =>
  pageOf(
    language,
    texts[language].asked,
    `<form method="post" action="${action}"><button>${texts[language].confirm}</button></form>`,
  );

export const changedPage = (language: Language): string => pageOf(language, texts[language].changed);

const pageOf = (language: Language, title: string, more = ''): string => `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${title}</title>
  </head>
  <body>
    <h1>${title}</h1>
    ${more}
  </body>
</html>
`;
