import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { searchAttributes } from '../../contracts/saga/order';
import { databaseNames } from '../../workers/modules/roles';
import { databaseList, databaseListFile } from '../postgres/list';
import { serverSettings } from './native/postgres';
import { systems } from './systems';

const compose = readFileSync('docker-compose.yml', 'utf8');

test('compose makes the databases that the platform knows', () => {
  expect(readFileSync(databaseListFile, 'utf8')).toBe(databaseList(databaseNames));
});

test('PostgreSQL has the same settings in Docker as without it', () => {
  for (const [name, value] of Object.entries(serverSettings)) expect(compose).toContain(`'-c', '${name}=${value}'`);
});

test('compose has every system, and gives Temporal the search attributes that sagas set', () => {
  for (const system of systems) expect(compose).toContain(`\n  ${system}:\n    image:`);
  for (const { name } of Object.values(searchAttributes))
    expect(compose).toContain(`--search-attribute=${name}=Keyword`);
});
