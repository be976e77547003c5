import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncApiDocument } from '../../contracts/asyncapi';
import { product } from '../../contracts/product';
import { exchanges } from '../../contracts/events';
import { openApiDocument, type OpenApiDocument } from '../../lib/http/openapi/document';
import { createAllRoutes } from '../authorization/routes';
import { eventsOf } from '../../lib/events/exchange';
import { publishedSchemas, readerSchemas } from '../../lib/events/json-schema';
import { orderSteps } from '../../contracts/saga/activities';
import { errorsPage, platformErrors, refusalsOfSteps } from './errors';

/** Made from the contracts, for people and programs elsewhere. */
export const generatedFolder = 'docs';
/** What was published once: kept for ever, one schema and one example for each version of each event. */
export const releasedFolder = join('contracts', 'released');

/** Every event type of the platform. */
export const events = eventsOf(Object.values(exchanges));

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The OpenAPI document of all services. */
export const apiDocument = async (): Promise<OpenApiDocument> => openApiDocument(await createAllRoutes(), product);

/** The generated files by path, as they should be. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map([
    [join(generatedFolder, 'asyncapi.json'), jsonText(asyncApiDocument())],
    [join(generatedFolder, 'openapi.json'), jsonText(await apiDocument())],
    [join(generatedFolder, 'errors.md'), errorsPage(platformErrors(), refusalsOfSteps(orderSteps))],
  ]);
  for (const { type, version, schema } of publishedSchemas(events)) {
    files.set(join(generatedFolder, 'schemas', `${type}.v${version}.json`), jsonText(schema));
  }
  for (const { type, version, schema } of readerSchemas(events)) {
    files.set(join(generatedFolder, 'schemas', 'readers', `${type}.v${version}.json`), jsonText(schema));
  }
  return files;
}

/** A version as it was released. */
export interface ReleasedVersion {
  type: string;
  version: number;
  schema: Record<string, unknown>;
  example: unknown;
}

export function readReleased(): ReleasedVersion[] {
  if (!existsSync(releasedFolder)) return [];
  const names = readdirSync(releasedFolder).filter((name) => name.endsWith('.json'));
  return names.map((name) => JSON.parse(readFileSync(join(releasedFolder, name), 'utf8')) as ReleasedVersion);
}

/** Versions that are in the contracts and were never released; only the newest can be, the others must have been. */
export function unreleased(): ReleasedVersion[] {
  const known = new Set(readReleased().map(({ type, version }) => `${type}.v${version}`));
  return publishedSchemas(events)
    .filter(({ type, version }) => !known.has(`${type}.v${version}`))
    .map((published) => ({ ...published, example: events.find(({ type }) => type === published.type)?.example }));
}

export function writeFiles(files: ReadonlyMap<string, string>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

export const releasedFile = (released: ReleasedVersion): [path: string, content: string] => [
  join(releasedFolder, `${released.type}.v${released.version}.json`),
  jsonText(released),
];
