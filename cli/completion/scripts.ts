import type { CommandDescription } from '../description';
import { bashScript } from './bash';
import { fishScript } from './fish';
import { placesOf } from './places';
import { zshScript } from './zsh';

/** What completes the command line in a shell. */
export const scripts = {
  bash: (program: CommandDescription): string => bashScript(program.path, placesOf(program)),
  zsh: (program: CommandDescription): string => zshScript(program.path, placesOf(program)),
  fish: (program: CommandDescription): string => fishScript(program.path, placesOf(program)),
} as const;

export type Shell = keyof typeof scripts;

export const isShell = (word: string): word is Shell => Object.hasOwn(scripts, word);
