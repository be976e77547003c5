import type { Happening } from './explanation';

export type StepState = 'done' | 'failed' | 'running' | 'ahead' | 'undone' | 'skipped';

/** A step of the saga as it went, with the step that undoes it. */
export interface SagaStep {
  step: string;
  undo?: string;
  state: StepState;
}

/** The steps of an order's saga, and what undoes each (`workflows/order.ts`). */
const plan = [
  { step: 'reserveStock', undo: 'releaseStock' },
  { step: 'authorizePayment', undo: 'voidPayment' },
  { step: 'bookShipment', undo: 'cancelShipment' },
  { step: 'capturePayment', undo: 'refundPayment' },
  { step: 'confirmOrder' },
] as const;

const states: Readonly<Record<string, StepState>> = {
  'step-done': 'done',
  'step-failed': 'failed',
  'step-running': 'running',
};

/** What became of each step, according to the lines of a timeline. */
export function sagaSteps(timeline: readonly Happening[]): SagaStep[] {
  const latest = new Map<string, StepState>();
  let hasEnded = false;
  for (const { source, kind, details } of timeline) {
    if (source !== 'saga') continue;
    if (kind === 'ended') hasEnded = true;
    const { [kind]: state } = states;
    if (state !== undefined) latest.set(String(details?.['step']), state);
  }
  const isCancelled = latest.has('cancelOrder');
  return plan.map((one) => {
    const undo = 'undo' in one ? one.undo : undefined;
    const { step } = one;
    const state = latest.get(step) ?? (isCancelled || hasEnded ? 'skipped' : 'ahead');
    // Undos are called also for a step that did not happen, which then changes nothing.
    const isUndone = state === 'done' && undo !== undefined && latest.get(undo) === 'done';
    return { step, state: isUndone ? 'undone' : state, ...(undo === undefined ? {} : { undo }) };
  });
}
