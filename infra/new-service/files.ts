import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from './plan';

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const snake = (word: string): string => word.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** The files of a new service by path: the templates beside this file with its words in them. */
export function filesOf(plan: Plan): Record<string, string> {
  const words = wordsOf(plan);
  const { name, stream } = plan;
  const folder = `services/${name}`;
  return Object.fromEntries(
    [
      [`${folder}/module.ts`, 'module.ts'],
      [`${folder}/tables.ts`, 'tables.ts'],
      [`${folder}/migrations.ts`, 'migrations.ts'],
      [`${folder}/read-models/${name}-${stream}s.ts`, 'projection.ts'],
      [`${folder}/store.ts`, 'store.ts'],
      [`${folder}/contract.ts`, 'contract.ts'],
      [`${folder}/routes.ts`, 'routes.ts'],
      [`${folder}/${name}-${stream}s.test.ts`, 'counting.test.ts'],
      [`${folder}/platform.test.ts`, 'platform.test.ts'],
    ].map(([path, template]) => [
      path,
      fill(readFileSync(join(__dirname, 'template', `${template}.txt`), 'utf8'), words),
    ]),
  ) as Record<string, string>;
}

function wordsOf({ name, exchange, types, stream, key, isEverywhere, exampleKey }: Plan): Record<string, string> {
  const isId = key.endsWith('Id');
  return {
    name,
    Name: capital(name),
    exchange,
    type: types[0],
    stream,
    Stream: capital(stream),
    a: /^[aeiou]/.test(stream) ? 'an' : 'a',
    key,
    column: snake(key),
    keyOf: isEverywhere
      ? `({ ${key} }) => ({ ${snake(key)}: ${key} })`
      : `(data) => ('${key}' in data ? { ${snake(key)}: data.${key} } : undefined)`,
    columnType: isId ? 'uuid' : 'text',
    schema: isId ? 'anyCaseId' : key,
    schemaFrom: isId ? 'lib/ids/ids' : 'contracts/sku',
    param: isId ? `${key}: anyCaseId` : key,
    handlers: types.map((type) => `'${type}': count`).join(', '),
    exampleKey,
    strangeKey: isId ? '0192f3a0-0000-7000-8000-0000000fffff' : 'NEVER-HEARD-OF',
  };
}

/** @throws Error for a word that the template has and we do not. */
const fill = (template: string, words: Record<string, string>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const found = words[word];
    if (found === undefined) throw new Error(`The template wants {{${word}}}`);
    return found;
  });
