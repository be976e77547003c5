import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackKind } from './kind';
import type { Ports } from './ports';

/** What a stack remembers of its last start. */
export interface StackState {
  /** Where that was: a copied or moved directory has data that belongs elsewhere. */
  directory: string;
  kind: StackKind;
  /** Kept, so that a restart has the same addresses. */
  ports: Ports;
}

export const remember = (state: StackState): void => writeFileSync(fileIn(state.directory), JSON.stringify(state));

/** The last start in this very directory, if there was one. */
export function remembered(directory: string): StackState | undefined {
  if (!existsSync(fileIn(directory))) return undefined;
  const state = JSON.parse(readFileSync(fileIn(directory), 'utf8')) as StackState;
  return state.directory === directory ? state : undefined;
}

const fileIn = (directory: string): string => join(directory, 'state.json');
