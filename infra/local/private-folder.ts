import { chmodSync, mkdirSync } from 'node:fs';

/** Creates a folder that only its owner can enter: logs, e-mails and data are nobody else's on a shared machine. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  // Also of one that an earlier version has left open.
  chmodSync(path, 0o700);
  return path;
}
