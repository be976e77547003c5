import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { authorizationPage } from './page';
import { createAllRoutes, rulesOf } from './routes';

const file = 'docs/reference/authorization.md';

/** `generate` writes the page of roles, scopes and routes; `check` fails when it is out of date. Both fail for a route without a rule. */
async function main(verb: string): Promise<void> {
  const page = authorizationPage(rulesOf(await createAllRoutes()));
  if (verb === 'generate') writeFileSync(file, page);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== page)
    throw new Error(`${file}: it is not what the routes say; run "npm run docs:authorization"`);
}

main(process.argv[2] ?? 'check').catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
