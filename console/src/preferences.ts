import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export const languages = ['en', 'de'] as const;
export type Theme = (typeof themes)[number];
export type Language = (typeof languages)[number];

const kept = <T extends string>(name: string, known: readonly T[], otherwise: T): T =>
  known.find((one) => one === localStorage.getItem(`console.${name}`)) ?? otherwise;

export const theme = signal<Theme>(kept('theme', themes, 'system'));
export const language = signal<Language>(
  kept('language', languages, navigator.language.startsWith('de') ? 'de' : 'en'),
);

effect(() => {
  localStorage.setItem('console.theme', theme.value);
  document.documentElement.dataset['theme'] = theme.value;
});
effect(() => {
  localStorage.setItem('console.language', language.value);
  document.documentElement.lang = language.value;
});
