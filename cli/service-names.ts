import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../services');

/** The names of the services, without loading them: a folder of `services/` with a module. */
export const serviceNames = (): string[] =>
  readdirSync(root)
    .filter((name) => ['module.ts', 'module.js'].some((file) => existsSync(join(root, name, file))))
    .sort();
