#!/usr/bin/env node
import { withSecretsDirectory } from '../lib/config/secrets-directory';
import { endQuietlyWithReader } from './output';
import { createProgram } from './program';
import { asksForJson, report } from './report';

async function main(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) endQuietlyWithReader(stream);
  try {
    Object.assign(process.env, withSecretsDirectory(process.env));
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    // Connections may still be open: they must not keep a failed command alive.
    process.exit(report(error, { json: asksForJson(args) }));
  }
}

void main(process.argv.slice(2));
