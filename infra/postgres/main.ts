import { readFileSync, writeFileSync } from 'node:fs';
import { databaseNames } from '../../workers/modules/roles';
import { databaseList, databaseListFile } from './list';

const wanted = databaseList(databaseNames);

if (process.argv[2] === 'generate') {
  writeFileSync(databaseListFile, wanted);
} else if (readFileSync(databaseListFile, 'utf8') !== wanted) {
  console.error(`${databaseListFile} is not what the modules declare.\n\n  To correct it:  npm run databases:generate`);
  process.exitCode = 1;
}
