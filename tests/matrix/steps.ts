import type { PlacedOrder } from '../../contracts/saga/order';
import { large, partlyMissing, type Steps } from '../support/saga';

/** A step of the order saga, and what a fault in it must lead to. */
export interface MatrixStep {
  name: keyof Steps;
  undo?: keyof Steps;
  /** With what its owner refuses it for good. */
  refusal: string;
  /** Until the capture the saga gives up and undoes; after it, and on the way back, only people may. */
  phase: 'before the pivot' | 'after it' | 'when shipped' | 'on the way back';
  /** What is special about an order that comes to this step. */
  order?: Partial<PlacedOrder>;
}

/** The saga's steps, in their order, and what undoes them. */
export const matrixSteps: readonly MatrixStep[] = [
  { name: 'reserveStock', undo: 'releaseStock', refusal: 'out-of-stock', phase: 'before the pivot' },
  { name: 'reduceOrder', refusal: 'conflict', phase: 'before the pivot', order: partlyMissing },
  { name: 'authorizePayment', undo: 'voidPayment', refusal: 'payment-declined', phase: 'before the pivot' },
  { name: 'requestReview', refusal: 'conflict', phase: 'before the pivot', order: large },
  { name: 'bookShipment', undo: 'cancelShipment', refusal: 'address-not-serviceable', phase: 'before the pivot' },
  { name: 'capturePayment', undo: 'refundPayment', refusal: 'capture-refused', phase: 'before the pivot' },
  { name: 'confirmOrder', refusal: 'conflict', phase: 'after it' },
  { name: 'shipOrder', refusal: 'step-fenced', phase: 'after it' },
  { name: 'shipStock', refusal: 'conflict', phase: 'when shipped' },
  { name: 'deliverOrder', refusal: 'conflict', phase: 'when shipped' },
  { name: 'refundPayment', refusal: 'conflict', phase: 'on the way back' },
  { name: 'cancelShipment', refusal: 'conflict', phase: 'on the way back' },
  { name: 'voidPayment', refusal: 'conflict', phase: 'on the way back' },
  { name: 'releaseStock', refusal: 'conflict', phase: 'on the way back' },
  { name: 'cancelOrder', refusal: 'conflict', phase: 'on the way back' },
];

/**
 * The undos of the steps up to one: the parcel is called back first, then the last first; with its own when nobody
 * knows whether it has happened.
 */
export function undosUpTo(step: MatrixStep, including: 'its own' | 'only those before'): string[] {
  const index = matrixSteps.indexOf(step);
  const done = matrixSteps.slice(0, including === 'its own' ? index + 1 : index);
  const undos = done.flatMap(({ undo }) => undo ?? []).reverse();
  return [...undos.filter(isFirst), ...undos.filter((undo) => !isFirst(undo))];
}

const isFirst = (undo: string): boolean => undo === 'cancelShipment';
