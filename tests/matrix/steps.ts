import { orderSteps } from '../../contracts/saga/activities';
import type { PlacedOrder } from '../../contracts/saga/order';
import type { DeclaredStep } from '../../lib/saga/steps';
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

/** What is special about orders that come to a step that most do not take. */
const special: Partial<Record<keyof Steps, Partial<PlacedOrder>>> = {
  reduceOrder: partlyMissing,
  requestReview: large,
};

/** By what a step is refused that declares no refusal. */
const unforeseen = 'conflict';

/** The steps of the contract, in their order: a new one is part of the matrix without a line here. */
const declared = (Object.entries(orderSteps) as [keyof typeof orderSteps, DeclaredStep<keyof Steps>][]).map(
  ([name, { undo, refusals = {} }]): MatrixStep => ({
    name,
    ...(undo && { undo }),
    refusal: Object.keys(refusals)[0] ?? unforeseen,
    phase: 'before the pivot',
    ...(special[name] && { order: special[name] }),
  }),
);
const undosInReverse = declared.flatMap(({ undo }) => undo ?? []).reverse();

/** The saga's steps, in their order, and what undoes them. */
export const matrixSteps: readonly MatrixStep[] = [
  ...declared,
  { name: 'confirmOrder', refusal: unforeseen, phase: 'after it' },
  { name: 'shipOrder', refusal: 'step-fenced', phase: 'after it' },
  { name: 'shipStock', refusal: unforeseen, phase: 'when shipped' },
  { name: 'deliverOrder', refusal: unforeseen, phase: 'when shipped' },
  ...[...undosInReverse, 'cancelOrder' as const].map((name): MatrixStep => ({
    name,
    refusal: unforeseen,
    phase: 'on the way back',
  })),
];

/**
 * The undos of the steps up to one: the parcel is called back first, then the last first; with its own when it is
 * unknown whether it has happened.
 */
export function undosUpTo(step: MatrixStep, including: 'its own' | 'only those before'): string[] {
  const index = matrixSteps.indexOf(step);
  const done = matrixSteps.slice(0, including === 'its own' ? index + 1 : index);
  const undos = done.flatMap(({ undo }) => undo ?? []).reverse();
  return [...undos.filter(isFirst), ...undos.filter((undo) => !isFirst(undo))];
}

const isFirst = (undo: string): boolean => undo === 'cancelShipment';
