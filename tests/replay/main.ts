import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '../../lib/telemetry/logger';
import { replay, whyBroken } from '../../lib/temporal/replay';
import { installRuntime } from '../../lib/temporal/runtime';
import { loadHistories } from './histories';

/** `npm run replay`: every recorded way of an order on the workflows of this code; exit code 1 when one breaks. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { workflows: { type: 'string', default: 'workflows/index.ts' } } });
  installRuntime(createLogger({ name: 'replay', level: 'silent' }));
  const histories = loadHistories();
  const names = new Map(Array.from(histories, ([name, { workflowId }]) => [workflowId, name]));
  let [replayed, broken] = [0, 0];
  for await (const { workflowId, error } of replay(resolve(values.workflows), histories.values())) {
    const name = names.get(workflowId) ?? workflowId;
    replayed += 1;
    if (error) broken += 1;
    process.stdout.write(error ? `✗ ${name}: ${whyBroken(error)}\n` : `✓ ${name}\n`);
  }
  process.stdout.write(`${replayed} histories replayed, ${broken} broken\n`);
  if (broken > 0 || replayed !== histories.size) process.exitCode = 1;
}

void main();
