import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { filesOf } from './files';
import { contractsHeardBy } from './heard';
import { planService, Refused, type Plan } from './plan';
import { databaseList, databaseListFile } from '../postgres/list';
import { databaseNames } from '../../workers/modules/roles';

const usage = 'npm run new:service loyalty -- --on order.confirmed [--on order.cancelled …]';

function planOf(args: readonly string[]): Plan {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { on: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Refused('Give one name');
  return planService(
    name,
    (values.on ?? []).flatMap((types) => types.split(',')),
  );
}

/** All files as they will be. Nothing is written before everything is known to fit. */
async function drawUp(plan: Plan): Promise<Map<string, string>> {
  const files = new Map(Object.entries(filesOf(plan)));
  for (const path of files.keys()) if (existsSync(path)) throw new Refused(`${path} is there already`);
  for (const [path, content] of contractsHeardBy(plan)) files.set(path, content);
  for (const [path, content] of files)
    files.set(path, await format(content, { ...(await resolveConfig(path)), filepath: path }));
  return files.set(databaseListFile, databaseList([...databaseNames, plan.name]));
}

const nextSteps = ({ name, stream, key, types }: Plan): string => `
  Next:
    npm test -- services/${name}
        its tests: events that are late and repeated, a rebuild, the platform with it
    npm run docs:authorization
        its route in the list of who may do what
    npm run contracts:generate
        its route in the description of the API
    npm run chart:generate
        its Deployment on Kubernetes
    npm start
        GET /${name}/:${key} knows each ${stream} after its ${types.join(' or ')}
    npm run sagaworks -- projections rebuild ${name}-${stream}s --whole
        once, where there is a log already: applies what happened before the service existed
    services/${name}/read-models/${name}-${stream}s.ts
        what it makes of the events: begin here
`;

/** Writes a new service, and prints what it has written. @returns the exit code. */
export async function newService(args: readonly string[]): Promise<number> {
  try {
    const plan = planOf(args);
    for (const [path, content] of await drawUp(plan)) {
      console.log(`  ${existsSync(path) ? 'changed' : 'written'}  ${path}`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    console.log(nextSteps(plan));
    return 0;
  } catch (error) {
    const isUserError =
      error instanceof Refused || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
    if (!isUserError) throw error;
    console.error(`${(error as Error).message}\n\n  ${usage}`);
    return 64;
  }
}

async function main(): Promise<void> {
  process.exitCode = await newService(process.argv.slice(2));
}

// A test loads this file once, for many calls.
if (process.argv[1] === __filename) void main();
