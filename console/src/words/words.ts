import { language } from '../preferences';
import { de } from './de';
import { en, type Word } from './en';

/** A text in the language of the reader. */
export const t = (word: Word): string => (language.value === 'de' ? de : en)[word];
