/**
 * What a kind of saga says about its steps, once, beside the interfaces of their activities: the keys are the steps in
 * the order of the saga, up to its pivot. Refusals, reasons and tests are derived from it.
 */
export type StepDeclarations<Activity extends string> = { readonly [Step in Activity]?: DeclaredStep<Activity> };

/** What is declared of one step. */
export interface DeclaredStep<Activity extends string> {
  /** The activity that undoes it. */
  readonly undo?: Activity;
  /** The failure types by which it is refused for good. */
  readonly refusals?: readonly string[];
}

/** Every failure type by which one of the declared steps is refused. */
export type RefusalOf<Steps> = Steps[keyof Steps] extends infer Step
  ? Step extends { readonly refusals: readonly (infer Refusal)[] }
    ? Refusal
    : never
  : never;

/** The refusals of all declared steps, in their order. */
export const refusalsOf = <Steps extends Readonly<Record<string, DeclaredStep<string>>>>(steps: Steps) =>
  Object.values(steps).flatMap(({ refusals = [] }) => refusals) as RefusalOf<Steps>[];

/**
 * An activity's definite no: its step did nothing and is not retried, and the saga undoes the steps before it. It needs
 * no row in the table of errors, unless callers of an API can meet it as well.
 * @example throw new StepRefused<NoteRefusal>('no-such-note', 'Note 7 was deleted');
 */
export class StepRefused<Refusal extends string> extends Error {
  /** The type of the failure that the saga receives. */
  readonly code: Refusal;

  /** @param message shown to the person whom the saga is about: it names the facts and nothing secret. */
  constructor(code: Refusal, message: string) {
    super(message);
    this.name = 'StepRefused';
    this.code = code;
  }
}

/** The details of every failure that an activity raises. */
export interface FailureDetails {
  /** Counted from 1. A refusal on a later attempt may overtake an earlier one that is still at work somewhere. */
  attempt: number;
}
