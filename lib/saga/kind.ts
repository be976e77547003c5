import { patched } from '@temporalio/workflow';
import type { Call } from './call';

/** What all sagas of one kind have in common. `Subject` is what a saga is about: a booking, say, by its id. */
export interface SagaKind<Subject> {
  /** The failure types by which a step is refused for good. */
  readonly refusals: readonly string[];
  /** The failure types by which an undo is refused for good: what it would undo is final. */
  readonly undoRefusals: readonly string[];
  /** Steps that an operator may retry, but neither skip nor resolve: all that follows relies on what they did. */
  readonly retryOnly: readonly string[];
  /** The search attribute that names the step that waits for an operator. */
  readonly stuckAttribute: KeywordAttribute;
  /** The activity that reports that a step waits for an operator. */
  readonly reportStuck: (subject: Subject, step: string, why: string) => Call<void>;
  /** The patch ids of a kind that is older than some behaviour of this kit. */
  readonly patches?: KitPatches;
}

/** A search attribute that holds one word. */
export interface KeywordAttribute {
  readonly name: string;
  readonly type: 'KEYWORD';
}

/**
 * Under which patch id a kind of saga took over what the kit learned after its first sagas had begun. A kind that names
 * none has had the behaviour from its beginning, and its histories hold no marker for it.
 */
export interface KitPatches {
  /** Steps that must succeed wait for an operator, rather than being retried only. */
  readonly operatorGate?: string;
  /** A decision takes effect in the middle of an attempt, and on no later step. */
  readonly decisionInTime?: string;
  /** The undo that is marked `first` runs before all others. */
  readonly undoFirst?: string;
  /** A step whose service is away begins anew when its attempts are used up. */
  readonly outages?: string;
}

/** Whether this saga has a behaviour of the kit: always, or since the patch. */
export function has(kind: Pick<SagaKind<never>, 'patches'>, behaviour: keyof KitPatches): boolean {
  const patch = kind.patches?.[behaviour];
  return patch === undefined || patched(patch);
}
