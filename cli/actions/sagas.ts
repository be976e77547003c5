import type { SagaResponse, SagasResponse } from '../../lib/operations/sagas/contract';
import { CommandFailure } from '../failures';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

export async function list(options: OutputOptions): Promise<void> {
  const { items } = (await connectApi().get('/ops/sagas')) as SagasResponse;
  if (items.length === 0 && !options.json) throw new CommandFailure('no-match', 'No saga is waiting for an operator');
  const columns = ['orderId', 'workflowId', 'stuckStep', 'status', 'startedAt'] as const;
  print(items, options, (rows) => table(columns, rows));
}

export async function show(orderId: string, options: OutputOptions): Promise<void> {
  const saga = (await connectApi().get(`/ops/sagas/${orderId}`)) as SagaResponse;
  print(saga, options, describe);
}

function describe({ workflowId, execution, status, undos, stuck }: SagaResponse): string {
  const lines = [
    `${workflowId} (${execution.toLowerCase()}), order ${status ?? '?'}`,
    `Can be undone: ${undos.join(', ') || 'nothing'}`,
  ];
  return [...lines, ...(stuck ? [`Waits at ${stuck.step} since ${stuck.since}: ${stuck.why}`] : [])].join('\n');
}

interface DecisionOptions extends OutputOptions {
  step?: string;
  reason?: string;
  /** Of `resolve`. */
  result?: unknown;
}

type Decision = (orderId: string, options: DecisionOptions) => Promise<void>;

/** Of an operator, on the step that its saga waits at. */
const decide =
  (action: 'retry' | 'skip' | 'resolve'): Decision =>
  async (orderId, { json = false, ...decision }) => {
    const decided = await connectApi().post(`/ops/sagas/${orderId}/decide`, { action, ...decision });
    print(decided, { json }, () => goesOn(orderId, action));
  };

export const retry = decide('retry');
export const skip = decide('skip');
export const resolve = decide('resolve');

interface RestartOptions extends OutputOptions {
  reason: string;
}

export async function restart(orderId: string, { reason, ...output }: RestartOptions): Promise<void> {
  const restarted = await connectApi().post(`/ops/sagas/${orderId}/restart`, { reason });
  print(restarted, output, () => goesOn(orderId, 'restart'));
}

const goesOn = (orderId: string, action: string): string => `The saga of order ${orderId} goes on (${action})`;
