import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { searchAttributes } from '../../contracts/saga/order';
import { databaseNames } from '../../workers/roles';
import { systems } from './systems';

const compose = readFileSync('docker-compose.yml', 'utf8');

test('compose makes the databases that the platform knows', () => {
  const script = readFileSync('infra/postgres/databases.sh', 'utf8');
  expect(/for name in (.+); do/.exec(script)?.[1]?.split(' ')).toEqual(databaseNames);
});

test('compose has every system, and gives Temporal the search attributes that sagas set', () => {
  for (const system of systems) expect(compose).toContain(`\n  ${system}:\n    image:`);
  for (const { name } of Object.values(searchAttributes))
    expect(compose).toContain(`--search-attribute=${name}=Keyword`);
});
