import { language, languages, theme, themes } from '../preferences';
import { t } from '../words/words';

const names = { en: 'English', de: 'Deutsch' } as const;

/** The colours and the language of this browser. */
export const Settings = () => (
  <>
    <select
      aria-label={t('theme')}
      value={theme.value}
      onChange={({ currentTarget: { value } }) => (theme.value = themes.find((one) => one === value) ?? 'system')}
    >
      {themes.map((one) => (
        <option key={one} value={one}>
          {t(one)}
        </option>
      ))}
    </select>
    <select
      aria-label={t('language')}
      value={language.value}
      onChange={({ currentTarget: { value } }) => (language.value = languages.find((one) => one === value) ?? 'en')}
    >
      {languages.map((one) => (
        <option key={one} value={one}>
          {names[one]}
        </option>
      ))}
    </select>
  </>
);
