import { existsSync, readFileSync } from 'node:fs';
import { publishedSchemas, readerSchemas } from '../../lib/events/json-schema';
import { operationFaults } from '../../lib/http/openapi/document';
import { breaks, misreadings } from './compare';
import {
  apiDocument,
  events,
  generatedFiles,
  readReleased,
  releasedFile,
  unreleased,
  writeFiles,
  type ReleasedVersion,
} from './files';

const verbs = {
  /** Writes docs/schemas, docs/asyncapi.json, docs/openapi.json and docs/errors.md. */
  generate: async () => writeFiles(await generatedFiles()),
  /** Writes down new versions as released: from then on they never change. */
  release: () => writeFiles(new Map(unreleased().map(releasedFile))),
  check,
};

/** Fails when something would break readers or old events, and when the generated files are out of date. */
async function check(): Promise<void> {
  const names = operationFaults(await apiDocument());
  const kept = [...readReleased().flatMap(problemsOf), ...overstated(), ...forgotten()];
  const problems = [...kept, ...names, ...(await outdated())];
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(problems.length === 0 ? 'The contracts keep what was promised\n' : '');
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function problemsOf({ type, version, schema, example }: ReleasedVersion): string[] {
  const name = `${type} version ${version}`;
  const now = publishedSchemas(events).find((one) => one.type === type && one.version === version);
  if (!now) return [`${name}: it is gone, but it is in logs and queues; put it back`];
  const found = breaks(name, schema, now.schema).map(({ field, what, todo }) => `${name}: ${field}: ${what}; ${todo}`);
  return [...found, ...unreadable(type, version, example)];
}

/** An example that was written once must parse for ever, up to the newest version. */
function unreadable(type: string, version: number, example: unknown): string[] {
  const contract = events.find((event) => event.type === type);
  try {
    contract?.schemas[version - 1]?.parse(example);
    const newest = contract?.parse(version, example);
    contract?.parse(contract.version, newest);
    return [];
  } catch (error) {
    return [`${type} version ${version}: its example can no longer be read: ${(error as Error).message}`];
  }
}

/** Versions that say that readers of an older one can read them, and that these cannot. */
function overstated(): string[] {
  const schemas = readerSchemas(events);
  const schemaOf = (type: string, version: number) =>
    schemas.find((one) => one.type === type && one.version === version)?.schema ?? {};
  return events.flatMap(({ type, compatibleVersions }) =>
    compatibleVersions.flatMap((from, index) =>
      compatibleVersions.slice(from - 1, index).flatMap((_, step) => {
        const [older, newer] = [from + step, index + 1];
        return misreadings(type, schemaOf(type, older), schemaOf(type, newer)).map(
          ({ field, what, todo }) =>
            `${type} version ${newer}: readers of version ${older} cannot read it: ${field}: ${what}; ${todo}`,
        );
      }),
    ),
  );
}

const outdated = async (): Promise<string[]> =>
  Array.from(await generatedFiles())
    .filter(([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content)
    .map(([path]) => `${path}: it is not what the contracts say; run "npm run contracts:generate"`);

const forgotten = (): string[] =>
  unreleased().map(
    ({ type, version }) => `${type} version ${version}: it is not released; run "npm run contracts:release"`,
  );

const verb = process.argv[2] ?? '';
if (!Object.hasOwn(verbs, verb)) throw new Error(`Give one of ${Object.keys(verbs).join(', ')}`);
Promise.resolve(verbs[verb as keyof typeof verbs]()).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
