import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const stack = z.object({ temporalAddress: z.string() });

/** Where Temporal is: as `TEMPORAL_ADDRESS` says, otherwise that of the local stack. @throws when there is neither. */
export function temporalAddress(
  env: NodeJS.ProcessEnv = process.env,
  stackFile = '.sagaworks/stack.json',
): { address: string; namespace: string } {
  const namespace = env['TEMPORAL_NAMESPACE'] || 'default';
  if (env['TEMPORAL_ADDRESS']) return { address: env['TEMPORAL_ADDRESS'], namespace };
  if (!existsSync(stackFile))
    throw new Error('Temporal is not known: set TEMPORAL_ADDRESS, or run "npm start" here first');
  return { address: stack.parse(JSON.parse(readFileSync(stackFile, 'utf8'))).temporalAddress, namespace };
}
