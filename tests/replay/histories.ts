import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import { historyToJSON, type History } from '@temporalio/common/lib/proto-utils';

const folder = join(__dirname, 'histories');

/** The recorded histories by name. */
export function loadHistories(): ReadonlyMap<string, HistoryAndWorkflowId> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const load = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as HistoryAndWorkflowId;
  return new Map(files.map((file) => [file.replace('.json', ''), load(file)]));
}

/** Keeps a history under a name, with the commit that made it and the workflow's id: Temporal's history does not hold that. */
export function saveHistory(name: string, workflowId: string, history: History): void {
  const madeBy = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const kept = { workflowId, madeBy, history: JSON.parse(historyToJSON(history), withoutMachine) as unknown };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, undefined, 1)}\n`);
}

/** Names and paths of the machine that recorded are nobody's business, and replay does not need them. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return undefined;
  return typeof value === 'string' && processName.test(value) ? 'recorder' : value;
}

/** How Temporal names a process, and the queue of its own: `<pid>@<host>`. */
const processName = /^\d+@/;
