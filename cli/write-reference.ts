import { writeFileSync } from 'node:fs';
import { describeCommand } from './description';
import { createProgram } from './program';
import { reference } from './reference';

/** `npm run docs:cli` */
writeFileSync('docs/cli.md', reference(describeCommand(createProgram())));
process.stdout.write('docs/cli.md is written\n');
