import type { z } from 'zod';
import type { Participant } from '../../lib/service/define-service';
import type { Discovered } from './discover';

/** A participant, and the file that declares it. */
export interface Declaration {
  file: string;
  participant: Participant;
}

/** What modules are checked against. */
export interface Surroundings {
  /** Declarations of the platform itself, which no module may repeat. */
  platform: readonly Declaration[];
  /** Variables of the platform itself, and the file that declares them. */
  settings: { file: string; shapes: z.ZodRawShape };
  /** Roles that belong to no service. */
  roles: readonly string[];
}

/** PostgreSQL's own databases. */
const reservedDatabases = ['postgres', 'template0', 'template1'];
/** A name is a folder, a role, a database, a broker user and the prefix of variables at once. */
const validName = /^[a-z][a-z0-9]{1,29}$/;

/** The contradictions between the modules, a line each that begins with the module's file. */
export function problemsOf(found: readonly Discovered[], around: Surroundings): string[] {
  const modules = found.flatMap(({ module, file }) => (module ? [{ file, participant: module }] : []));
  const all = [...around.platform, ...modules];
  return [
    ...found.flatMap((one) => nameProblems(one, around.roles)),
    ...consumerProblems(all),
    ...exchangeProblems(all),
    ...databaseProblems(all),
    ...settingProblems(all, around.settings),
  ];
}

function nameProblems({ file, folder, module }: Discovered, roles: readonly string[]): string[] {
  if (!module) return [`${file}: must export exactly one service made by defineService`];
  const { name } = module;
  if (name !== folder) return [`${file}: the service is named "${name}", but its folder "${folder}"; use one name`];
  if (roles.includes(name)) return [`${file}: "${name}" is a role of the platform; choose another name`];
  return validName.test(name)
    ? []
    : [`${file}: "${name}" is not a valid name; use 2 to 30 lower-case letters and digits, a letter first`];
}

/** Queues are named after consumers, so one that begins like another could take its messages. */
function consumerProblems(all: readonly Declaration[]): string[] {
  const named = all.flatMap(({ file, participant: { consumer, formerConsumers = [] } }) =>
    [consumer, ...formerConsumers].map((name) => ({ file, name })),
  );
  return pairs(named).flatMap(([first, second]) =>
    `${second.name}-`.startsWith(`${first.name}-`) || `${first.name}-`.startsWith(`${second.name}-`)
      ? [
          `${second.file}: the consumer "${second.name}" would take messages of "${first.name}" (${first.file}); choose another name`,
        ]
      : [],
  );
}

function exchangeProblems(all: readonly Declaration[]): string[] {
  return all.flatMap(({ file, participant: { name, exchange } }) =>
    exchange && exchange.producer !== name
      ? [
          `${file}: the exchange "${exchange.name}" belongs to ${exchange.producer}; only its owner publishes there; declare another, or none`,
        ]
      : [],
  );
}

function databaseProblems(all: readonly Declaration[]): string[] {
  const named = all.flatMap(({ file, participant: { name, databases } }) =>
    [name, ...Object.keys(databases)].map((database) => ({ file, database })),
  );
  const invalid = all.flatMap(({ file, participant: { databases } }) =>
    Object.keys(databases).flatMap((database) => (validName.test(database) ? [] : [{ file, database }])),
  );
  const reserved = named.filter(({ database }) => reservedDatabases.includes(database));
  return [
    ...invalid.map(
      ({ file, database }) =>
        `${file}: "${database}" is not a valid name of a database; use 2 to 30 lower-case letters and digits`,
    ),
    ...reserved.map(
      ({ file, database }) => `${file}: the database name "${database}" is reserved by PostgreSQL; choose another name`,
    ),
    ...pairs(named).flatMap(([first, second]) =>
      first.database === second.database
        ? [`${second.file}: the database "${second.database}" is that of ${first.file}; choose another name`]
        : [],
    ),
  ];
}

/** Two modules may declare the same shape: then they share the variable. */
function settingProblems(all: readonly Declaration[], { file, shapes }: Surroundings['settings']): string[] {
  const declared = [...entries(file, shapes), ...all.flatMap((one) => entries(one.file, one.participant.settings))];
  return pairs(declared).flatMap(([first, second]) =>
    first.variable === second.variable && first.shape !== second.shape
      ? [`${second.file}: ${second.variable} has another meaning in ${first.file}; import its shape, or rename it`]
      : [],
  );
}

const entries = (file: string, shapes: z.ZodRawShape) =>
  Object.entries(shapes).map(([variable, shape]) => ({ file, variable, shape }));

/** All pairs of a list, in its order. */
const pairs = <T>(list: readonly T[]): [T, T][] =>
  list.flatMap((first, index) => list.slice(index + 1).map((second): [T, T] => [first, second]));
