import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dockerRuns, dockerProblem, stopDocker } from './docker';
import { endpoints } from './environment';
import { environmentFile } from './environment-file';
import type { StackKind } from './stack-kind';
import { killNative, nativeRuns, stopNative } from './native/native';
import { removePostgresHome } from './native/postgres-home';
import { mustAnswer } from './health-checks';
import { readSecrets } from './secrets';
import { remembered, type StackState } from './state';
import type { Steps } from './steps';
import type { System } from './systems';

/** Stops what a directory's stack has running, whichever process started it; `delete` also removes the data. */
export async function stopStack(directory: string, data: 'keep' | 'delete' = 'keep'): Promise<void> {
  // Until there is nothing: a start that is being interrupted may start one more meanwhile.
  while ((await stopNative(directory, data)).length > 0);
  if (remembered(directory)?.kind === 'docker') await stopDocker(directory, data);
  if (data === 'delete') deleteData(directory);
}

/** Ends what a directory's native stack has running at once; containers are left to the next start. */
export const killStack = (directory: string): void => killNative(directory);

interface Start {
  kind: StackKind;
  wanted: readonly System[];
  /** Whether all data is to go. */
  fresh: boolean;
  steps: Steps;
}

/**
 * Deals with what an earlier process has left in a directory: what still runs is used again when it is all there and
 * answers, else stopped; data that is not wanted, or does not belong here, is deleted.
 */
export async function settlePreviousRun(
  directory: string,
  start: Start,
): Promise<{ before: StackState | undefined; running: boolean }> {
  const { kind, wanted, steps } = start;
  const before = remembered(directory);
  // Without its secrets or its state the data is that of a directory that was copied, moved or deleted.
  const fresh = start.fresh || !before || !readSecrets(directory);
  if (!fresh && before.kind === kind && (await stillRuns(before, wanted))) {
    steps.note(`Used again, left running by an earlier run: ${wanted.join(', ')}`);
    return { before, running: true };
  }
  const stopped = await stopNative(directory, fresh ? 'delete' : 'keep');
  if (stopped.length > 0) steps.note(`Stopped, left running by an earlier run: ${stopped.join(', ')}`);
  if (!fresh && before.kind !== kind) {
    steps.note(`The last run was "${before.kind}", this one is "${kind}": each has data of its own`);
  }
  await settleContainers(directory, { kind, before: before?.kind, fresh });
  if (fresh) {
    deleteData(directory);
    rmSync(join(directory, 'logs'), { recursive: true, force: true });
  }
  return { before: fresh ? undefined : before, running: false };
}

async function stillRuns({ directory, kind, ports }: StackState, wanted: readonly System[]): Promise<boolean> {
  const secrets = readSecrets(directory);
  if (kind === 'docker') return dockerRuns(directory);
  if (wanted.length === 0 || !secrets || !nativeRuns(directory, wanted)) return false;
  const at = endpoints(process.env, ports, secrets);
  const answers = await Promise.allSettled(wanted.map((system) => mustAnswer(system, at)));
  return answers.every(({ status }) => status === 'fulfilled');
}

/** Containers that are not to be used now; `fresh` also means those of an earlier time, with their data. */
async function settleContainers(
  directory: string,
  { kind, before, fresh }: { kind: StackKind; before: StackKind | undefined; fresh: boolean },
): Promise<void> {
  const inTheWay = kind !== 'docker' && before === 'docker';
  if (!fresh && !inTheWay) return;
  if (kind !== 'docker' && (await dockerProblem()) !== undefined) return;
  await stopDocker(directory, fresh ? 'delete' : 'keep');
}

/** Everything but the logs, and what is shared by all stacks of a checkout, such as downloaded programs. */
function deleteData(directory: string): void {
  removePostgresHome(directory);
  const files = ['state.json', 'secrets.json', 'stack.json', 'tokens.json', environmentFile];
  for (const name of ['rabbitmq', 'temporal', 'mail', ...files]) {
    rmSync(join(directory, name), { recursive: true, force: true });
  }
}
