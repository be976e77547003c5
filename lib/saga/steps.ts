/**
 * The steps of a kind of saga, declared once, beside the interfaces of their activities: the keys are the steps in
 * the order of the saga, up to its pivot. Refusals, reasons and tests are derived from it.
 */
export type StepDeclarations<Activity extends string> = { readonly [Step in Activity]?: DeclaredStep<Activity> };

/** The declaration of one step. */
export interface DeclaredStep<Activity extends string> {
  /** The activity that undoes it. */
  readonly undo?: Activity;
  /** The failure types with which it is permanently refused, each with its meaning in one line. */
  readonly refusals?: Meanings;
  /** The same for its undo: what it would undo is final. */
  readonly undoRefusals?: Meanings;
}

/** What an undo reports: a step that never arrived, or was refused, has done nothing. */
export type UndoOutcome = 'undone' | 'nothing-to-undo';

type Meanings = Readonly<Record<string, string>>;

/** Every failure type with which one of the declared steps is refused. */
export type RefusalOf<Steps> = CodeOf<Steps, 'refusals'>;

/** Every failure type with which the undo of one of the declared steps is refused. */
export type UndoRefusalOf<Steps> = CodeOf<Steps, 'undoRefusals'>;

type CodeOf<Steps, Kind extends 'refusals' | 'undoRefusals'> = Steps[keyof Steps] extends infer Step
  ? Step extends { readonly [K in Kind]: infer Codes }
    ? Extract<keyof Codes, string>
    : never
  : never;

type Declarations = Readonly<Record<string, DeclaredStep<string>>>;

/** The refusals of all declared steps, in their order. */
export const refusalsOf = <Steps extends Declarations>(steps: Steps) =>
  Object.values(steps).flatMap(({ refusals = {} }) => Object.keys(refusals)) as RefusalOf<Steps>[];

/** The refusals of all their undos, in the order of the steps. */
export const undoRefusalsOf = <Steps extends Declarations>(steps: Steps) =>
  Object.values(steps).flatMap(({ undoRefusals = {} }) => Object.keys(undoRefusals)) as UndoRefusalOf<Steps>[];

/**
 * An activity's definite refusal: its step, or undo, did nothing and is not retried. The saga undoes the steps before a
 * refused step. Its code is declared at the step and not listed in the error tables, which are for callers of the API.
 * @example throw new StepRefused<NoteRefusal>('no-such-note', 'Note 7 was deleted');
 */
export class StepRefused<Refusal extends string> extends Error {
  /** The type of the failure that the saga receives. */
  readonly code: Refusal;

  /** @param message shown to the person concerned: it states the facts and nothing secret */
  constructor(code: Refusal, message: string) {
    super(message);
    this.name = 'StepRefused';
    this.code = code;
  }
}

/** The details of every failure of an activity. */
export interface FailureDetails {
  /** Counted from 1. A refusal on a later attempt may overtake an earlier attempt that is still running somewhere. */
  attempt: number;
}
