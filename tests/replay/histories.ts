import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import { historyToJSON, type History } from '@temporalio/common/lib/proto-utils';

const folder = join(__dirname, 'histories');

/** The recorded histories by name: those of the fault matrix, of which there are many, are compressed. */
export function loadHistories(): ReadonlyMap<string, HistoryAndWorkflowId> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.json(\.gz)?$/.test(file),
  );
  return new Map(files.map((file) => [file.replace(/\.json(\.gz)?$/, ''), load(join(folder, file))]));
}

function load(path: string): HistoryAndWorkflowId {
  const kept = readFileSync(path);
  const text = path.endsWith('.gz') ? gunzipSync(kept) : kept;
  return JSON.parse(text.toString()) as HistoryAndWorkflowId;
}

/** Keeps a history under a name, with the commit that made it and the workflow's id: Temporal's history does not hold that. */
export function saveHistory(name: string, workflowId: string, history: History, { compressed = false } = {}): void {
  const madeBy = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const kept = { workflowId, madeBy, history: JSON.parse(historyToJSON(history), withoutMachine) as unknown };
  const text = `${JSON.stringify(kept, undefined, 1)}\n`;
  const path = join(folder, `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  // Whole or not at all: replay and matrix record side by side, and read what the other has written.
  writeFileSync(`${path}.new`, compressed ? gzipSync(text) : text);
  renameSync(`${path}.new`, compressed ? `${path}.gz` : path);
}

/** Names and paths of the recording machine are private, and replay does not need them. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return undefined;
  return typeof value === 'string' && processName.test(value) ? 'recorder' : value;
}

/** How Temporal names a process, and the queue of its own: `<pid>@<host>`. */
const processName = /^\d+@/;
