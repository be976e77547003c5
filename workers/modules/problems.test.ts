import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { exchanges } from '../../contracts/events';
import { createRoutes } from '../../lib/http/routes';
import { defineService, furtherDatabase, type ServiceModule } from '../../lib/service/define-service';
import { bridge } from '../bridge/bridge';
import { platformVariables } from '../config/required-config';
import { discovered, type Discovered } from './discover';
import { problemsOf, type Surroundings } from './problems';
import { standaloneRoles } from './roles';

const around: Surroundings = {
  platform: [{ file: 'workers/bridge/bridge.ts', participant: bridge }],
  settings: { file: 'workers/config/config.ts', shapes: platformVariables },
  roles: standaloneRoles,
};

type Changes = Partial<Pick<ServiceModule, 'consumer' | 'formerConsumers' | 'exchange' | 'databases' | 'settings'>>;

/** A service that only listens, in its folder. */
const service = (name: string, changes: Changes = {}): Discovered => ({
  file: `services/${name}/module.ts`,
  folder: name,
  module: defineService()({
    name,
    consumer: `${name}-service`,
    migrations: {},
    projections: [],
    compose: () => ({ routes: createRoutes() }),
    ...changes,
  }),
});

const problems = (...found: Discovered[]): string[] => problemsOf(found, around);

test('the modules of this platform fit together', () => {
  expect(discovered.map(({ folder }) => folder)).toContain('orders');
  expect(problemsOf(discovered, around)).toEqual([]);
});

test('a folder whose module.ts exports no service is refused with its file', () => {
  expect(problems({ file: 'services/tea/module.ts', folder: 'tea' })).toEqual([
    'services/tea/module.ts: must export exactly one service made by defineService',
  ]);
});

test('a service must be named as its folder', () => {
  const moved = { ...service('tea'), file: 'services/cups/module.ts', folder: 'cups' };
  expect(problems(moved)).toEqual([
    'services/cups/module.ts: the service is named "tea", but its folder "cups"; use one name',
  ]);
});

test.each(['relay', 'saga', 'all', 'api'])('a service named %s would be taken for a role of the platform', (name) => {
  expect(problems(service(name))).toEqual([
    `services/${name}/module.ts: "${name}" is a role of the platform; choose another name`,
  ]);
});

test.each(['Tea', 'tea-shop', '1tea', 'x'.repeat(31)])('%s is not a valid name for a service', (name) => {
  expect(problems(service(name))).toEqual([
    expect.stringContaining(
      `services/${name}/module.ts: "${name}" is not a valid name; use 2 to 30 lower-case letters`,
    ),
  ]);
});

test('a consumer that two modules name is refused, a former one and one that begins like another too', () => {
  const tea = service('tea');
  expect(problems(tea, service('cups', { consumer: 'tea-service' }))).toEqual([
    'services/cups/module.ts: the consumer "tea-service" would take messages of "tea-service" (services/tea/module.ts); choose another name',
  ]);
  expect(problems(tea, service('cups', { formerConsumers: ['tea-service'] }))).toEqual([
    expect.stringContaining('services/cups/module.ts: the consumer "tea-service"'),
  ]);
  expect(problems(tea, service('cups', { consumer: 'tea' }))).toHaveLength(1);
  expect(problems(service('cups', { consumer: 'bridge' }))).toEqual([
    expect.stringContaining('(workers/bridge/bridge.ts)'),
  ]);
});

test('an exchange that another service owns is refused', () => {
  expect(problems(service('tea', { exchange: exchanges.orders }))).toEqual([
    'services/tea/module.ts: the exchange "order-events" belongs to orders; only its owner publishes there; declare another, or none',
  ]);
});

test.each(['postgres', 'template0', 'template1'])('the database name %s is reserved by PostgreSQL', (database) => {
  const refused = `the database name "${database}" is reserved by PostgreSQL; choose another name`;
  expect(problems(service(database))).toEqual([`services/${database}/module.ts: ${refused}`]);
  expect(problems(service('tea', { databases: { [database]: furtherDatabase({}) } }))).toEqual([
    `services/tea/module.ts: ${refused}`,
  ]);
});

test('the name of a further database must fit into the name of its variable', () => {
  expect(problems(service('tea', { databases: { 'my-db': furtherDatabase({}) } }))).toEqual([
    expect.stringContaining('services/tea/module.ts: "my-db" is not a valid name of a database'),
  ]);
});

test('a database that another module has is refused', () => {
  const cups = service('cups', { databases: { tea: furtherDatabase({}) } });
  expect(problems(service('tea'), cups)).toEqual([
    'services/cups/module.ts: the database "tea" is that of services/tea/module.ts; choose another name',
  ]);
  expect(problems(service('cups', { databases: { bridge: furtherDatabase({}) } }))).toEqual([
    'services/cups/module.ts: the database "bridge" is that of workers/bridge/bridge.ts; choose another name',
  ]);
});

test('a variable with two meanings is refused; modules may share one shape', () => {
  const shared = { LEAVES: z.string() };
  expect(problems(service('tea', { settings: shared }), service('cups', { settings: shared }))).toEqual([]);
  expect(problems(service('tea', { settings: shared }), service('cups', { settings: { LEAVES: z.string() } }))).toEqual(
    ['services/cups/module.ts: LEAVES has another meaning in services/tea/module.ts; import its shape, or rename it'],
  );
  expect(problems(service('tea', { settings: { PORT: z.string() } }))).toEqual([
    expect.stringContaining('services/tea/module.ts: PORT has another meaning in workers/config/config.ts'),
  ]);
});
