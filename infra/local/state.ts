import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readKept } from './kept-file';
import type { StackKind } from './stack-kind';
import { defaultPorts, type Ports } from './ports';

/** What a stack remembers of its last start. */
export interface StackState {
  /** Where that was: a copied or moved directory has data that belongs elsewhere. */
  directory: string;
  kind: StackKind;
  /** Kept, so that a restart has the same addresses. */
  ports: Ports;
}

export const remember = (state: StackState): void => writeFileSync(fileIn(state.directory), JSON.stringify(state));

/** An earlier release may have had fewer ports. */
const stackState: z.ZodType<StackState> = z.object({
  directory: z.string(),
  kind: z.enum(['named', 'docker', 'native']),
  ports: z.record(z.string(), z.number()).transform((known): Ports => ({ ...defaultPorts, ...known })),
});

/** The last start in this very directory, if there was one. */
export function remembered(directory: string): StackState | undefined {
  const state = readKept(fileIn(directory), stackState);
  return state?.directory === directory ? state : undefined;
}

const fileIn = (directory: string): string => join(directory, 'state.json');
