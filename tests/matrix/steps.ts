import type { Steps } from '../support/saga';

/** A step of the order saga, and what a fault in it must lead to. */
export interface MatrixStep {
  name: keyof Steps;
  undo?: keyof Steps;
  /** With what its owner refuses it for good. */
  refusal: string;
  /** Until the capture the saga gives up and undoes; after it only people may. */
  phase: 'before the pivot' | 'after it' | 'when shipped';
}

/** The saga's steps, in their order. */
export const matrixSteps: readonly MatrixStep[] = [
  { name: 'reserveStock', undo: 'releaseStock', refusal: 'out-of-stock', phase: 'before the pivot' },
  { name: 'authorizePayment', undo: 'voidPayment', refusal: 'payment-declined', phase: 'before the pivot' },
  { name: 'bookShipment', undo: 'cancelShipment', refusal: 'address-not-serviceable', phase: 'before the pivot' },
  { name: 'capturePayment', undo: 'refundPayment', refusal: 'capture-refused', phase: 'before the pivot' },
  { name: 'confirmOrder', refusal: 'conflict', phase: 'after it' },
  { name: 'shipOrder', refusal: 'step-fenced', phase: 'after it' },
  { name: 'shipStock', refusal: 'conflict', phase: 'when shipped' },
  { name: 'deliverOrder', refusal: 'conflict', phase: 'when shipped' },
];

/** The undos of the steps up to one, the last first; with its own when nobody knows whether it has happened. */
export function undosUpTo(step: MatrixStep, including: 'its own' | 'only those before'): string[] {
  const index = matrixSteps.indexOf(step);
  const done = matrixSteps.slice(0, including === 'its own' ? index + 1 : index);
  return done.flatMap(({ undo }) => undo ?? []).reverse();
}
