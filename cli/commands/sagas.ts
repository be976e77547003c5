import { parseArgs } from 'node:util';
import type { SagaResponse, SagasResponse } from '../../lib/operations/sagas/contract';
import { openApi } from '../api';
import { CommandFailure, exitCodes, UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';

const actions = ['retry', 'skip', 'resolve', 'restart'];

export const sagas: Command = {
  usage: 'list | show <orderId> | retry|skip|resolve|restart <orderId> [--step s] [--reason r] [--result json]',
  summary:
    'Sagas that wait for an operator: try again, leave the step out, give its result by hand; or were ended too early',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        step: { type: 'string' },
        reason: { type: 'string' },
        result: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [verb = '', orderId, ...more] = positionals;
    const { json, step, reason, result } = values;
    if (verb === 'list' && orderId === undefined) return list(json);
    if (!orderId || more.length > 0)
      throw new UsageError('Give list, or show, retry, skip, resolve or restart with an order');
    if (verb === 'show') return show(orderId, json);
    if (!actions.includes(verb)) throw new UsageError(`There is no "sagas ${verb}"`);
    if (verb !== 'retry' && !reason) throw new UsageError(`Give --reason: why ${verb}?`);
    const because = reason ? { reason } : {};
    const asked =
      verb === 'restart'
        ? { path: 'restart', body: because }
        : { path: 'decide', body: { action: verb, ...(step ? { step } : {}), ...because, ...resultOf(result) } };
    print(await openApi().post(`/ops/sagas/${orderId}/${asked.path}`, asked.body), {
      json,
      words: () => `The saga of order ${orderId} goes on (${verb})`,
    });
  },
};

async function list(json: boolean): Promise<void> {
  const { items } = (await openApi().get('/ops/sagas')) as SagasResponse;
  if (items.length === 0 && !json) throw new CommandFailure(exitCodes.nothing, 'No saga waits for anybody');
  const columns = ['orderId', 'workflowId', 'stuckStep', 'status', 'startedAt'] as const;
  print(items, { json, words: (rows) => table(columns, rows) });
}

async function show(orderId: string, json: boolean): Promise<void> {
  const saga = (await openApi().get(`/ops/sagas/${orderId}`)) as SagaResponse;
  const { workflowId, execution, status, undos, stuck } = saga;
  const waits = stuck ? `\nWaits at ${stuck.step} since ${stuck.since}: ${stuck.why}` : '';
  const words = () =>
    `${workflowId} (${execution.toLowerCase()}), order ${status ?? '?'}\nCan be undone: ${undos.join(', ') || 'nothing'}${waits}`;
  print(saga, { json, words });
}

function resultOf(result: string | undefined): { result?: unknown } {
  if (result === undefined) return {};
  try {
    return { result: JSON.parse(result) as unknown };
  } catch (error) {
    throw new UsageError(`--result can't be read as JSON: ${(error as Error).message}`);
  }
}
