import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const stack = z.object({ databases: z.record(z.string(), z.string()) });

/**
 * Where the database of a service is: as `ORDERS_DATABASE_URL` says, otherwise that of the local stack.
 * @throws when there is neither.
 */
export function databaseAddress(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
  stackFile = '.sagaworks/stack.json',
): string {
  const variable = `${service.toUpperCase()}_DATABASE_URL`;
  const known = env[variable] ?? (existsSync(stackFile) ? readStack(stackFile)[service] : undefined);
  if (known) return known;
  throw new Error(`The database of ${service} is not known: set ${variable}, or run "npm start" here first`);
}

const readStack = (file: string): Record<string, string> =>
  stack.parse(JSON.parse(readFileSync(file, 'utf8'))).databases;
