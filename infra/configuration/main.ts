import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { envExample } from './env-example';
import { configurationPage } from './page';
import { describeSettings } from './settings';

/** `generate` writes the reference of the settings and .env.example; `check` fails when one is out of date. */
function main(verb: string): void {
  const settings = describeSettings();
  const files = { 'docs/configuration.md': configurationPage(settings), '.env.example': envExample(settings) };
  for (const [file, content] of Object.entries(files)) {
    if (verb === 'generate') writeFileSync(file, content);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== content)
      throw new Error(`${file}: it is not what the settings say; run "npm run docs:configuration"`);
  }
}

try {
  main(process.argv[2] ?? 'check');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
