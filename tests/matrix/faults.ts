import { ApplicationFailure } from '@temporalio/common';
import { undosUpTo, type MatrixStep } from './steps';

type Step = (...args: unknown[]) => Promise<unknown>;

/** How a case must end. */
export interface Expected {
  status: 'delivered' | 'cancelled';
  /** The undos that must run, in their order. */
  undos: string[];
  /** The saga waits for an operator, who has it try again. */
  asks?: boolean;
}

/** What a case can do while it runs. */
export interface Hands {
  /** To be called when the step has begun. */
  begun: () => void;
  /** Resolves when the saga has ended. */
  over: Promise<void>;
  /** Whether an operator has been asked. */
  isAsked: () => boolean;
  /** Resolves when the case lets the step go on. */
  goOn: Promise<void>;
}

export interface Fault {
  name: string;
  /** What stands in for the step. */
  instead(step: Step, hands: Hands, about: MatrixStep): Step;
  expected(step: MatrixStep): Expected;
  /** What else happens while the step is under way. */
  meanwhile?: 'cancel' | 'cut';
  /** Every event comes twice. */
  doubled?: boolean;
}

const cancelled = (undos: string[]): Expected => ({ status: 'cancelled', undos });
/** As it would end without the fault. */
const asAlways = (step: MatrixStep): Expected =>
  step.phase === 'on the way back' ? cancelled(undosUpTo(step, 'its own')) : { status: 'delivered', undos: [] };
const asks = (step: MatrixStep): Expected => ({ ...asAlways(step), asks: true });
const cancelledIfCanBe = (step: MatrixStep): Expected =>
  step.phase === 'when shipped' ? asAlways(step) : cancelled(undosUpTo(step, 'its own'));

const fault = (): ApplicationFailure =>
  ApplicationFailure.create({ message: 'A fault', type: 'internal', nextRetryDelay: '1 ms' });
const refusal = (type: string): ApplicationFailure =>
  ApplicationFailure.create({ message: 'No', type, nonRetryable: true, details: [{ attempt: 1 }] });

/** Does something else at its first attempts. */
function atFirst(times: number, other: Step, step: Step): Step {
  let attempts = 0;
  return (...args) => {
    attempts += 1;
    return attempts > times ? step(...args) : other(...args);
  };
}

const fails = (times: number, step: Step): Step => atFirst(times, () => Promise.reject(fault()), step);

/** Everything that can go wrong with a step. */
export const faults: readonly Fault[] = [
  {
    name: 'refused for good',
    // Until the operator finds it fixed.
    instead:
      (step, { isAsked }, { refusal: type }) =>
      (...args) =>
        isAsked() ? step(...args) : Promise.reject(refusal(type)),
    expected: (step) => {
      if (step.phase === 'before the pivot') return cancelled(undosUpTo(step, 'only those before'));
      return step.name === 'shipOrder' ? cancelled(undosUpTo(step, 'its own')) : asks(step);
    },
  },
  { name: 'faults, then success', instead: (step) => fails(2, step), expected: asAlways },
  {
    name: 'retries exhausted',
    // After the pivot the operator finds it fixed.
    instead:
      (step, { isAsked }) =>
      (...args) =>
        isAsked() ? step(...args) : Promise.reject(fault()),
    expected: (step) => (step.phase === 'before the pivot' ? cancelled(undosUpTo(step, 'its own')) : asks(step)),
  },
  {
    name: 'time-out before the effect',
    instead: (step, { over }) => atFirst(1, () => over, step),
    expected: asAlways,
  },
  {
    name: 'time-out after the effect',
    instead: (step, { over }) => atFirst(1, (...args) => step(...args).then(() => over), step),
    expected: asAlways,
  },
  {
    name: 'answer lost',
    instead: (step) => atFirst(1, (...args) => step(...args).then(() => Promise.reject(fault())), step),
    expected: asAlways,
  },
  {
    name: 'cancelled during it',
    instead: (step, { begun, goOn }) => atFirst(1, (...args) => (begun(), goOn.then(() => step(...args))), step),
    meanwhile: 'cancel',
    expected: cancelledIfCanBe,
  },
  {
    name: 'cancelled during it, its effect comes after the end',
    instead: (step, { begun, over }) => atFirst(1, (...args) => (begun(), over.then(() => step(...args))), step),
    meanwhile: 'cancel',
    expected: cancelledIfCanBe,
  },
  {
    name: 'worker killed, its attempt comes late',
    instead: (step, { over }) => atFirst(1, (...args) => over.then(() => step(...args)), step),
    expected: asAlways,
  },
  { name: 'every event twice', instead: (step) => step, doubled: true, expected: asAlways },
  {
    name: 'Temporal away during it',
    instead: (step, { begun, goOn }) => atFirst(1, (...args) => (begun(), goOn.then(() => step(...args))), step),
    meanwhile: 'cut',
    expected: asAlways,
  },
];
