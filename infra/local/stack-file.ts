import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What programs and people want to know of a stack that runs: `stack.json`. */
export interface StackFile {
  apiUrl: string;
  /** Health and metrics of the process with the background work; absent where one process does all. */
  backgroundUrl?: string;
  rabbitmqUrl: string;
  rabbitmqManagementUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
  mailUrl?: string | undefined;
  /** By service. */
  databases: Record<string, string>;
}

/** Writes it, readable for its owner only: the addresses hold passwords. */
export const keepAddresses = (directory: string, file: StackFile): void =>
  writeFileSync(join(directory, 'stack.json'), `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
