import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { describeCommand } from './description';
import { createProgram } from './program';
import { reference } from './reference';

test('docs/cli.md is what the commands say; npm run docs:cli writes it', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(reference(describeCommand(createProgram())));
});
