import { patched, upsertSearchAttributes } from '@temporalio/workflow';
import type { Call } from './call';

/** What all sagas of one kind have in common. `Subject` is what a saga is about: a booking, say, by its id. */
export interface SagaKind<Subject> {
  /** The failure types with which a step is permanently refused. */
  readonly refusals: readonly string[];
  /** The failure types with which an undo is permanently refused: what it would undo is final. */
  readonly undoRefusals: readonly string[];
  /** Steps that an operator may retry, but neither skip nor resolve, because all later steps rely on them. */
  readonly retryOnly: readonly string[];
  /** The search attribute with the name of the step that waits for an operator. */
  readonly stuckAttribute: KeywordAttribute;
  /** The activity that reports that a step waits for an operator. */
  readonly reportStuck: (subject: Subject, step: string, why: string) => Call<void>;
  /** The patch ids of a kind that is older than some behaviour of the kit. */
  readonly patches?: KitPatches;
}

/** A search attribute of type keyword. */
export interface KeywordAttribute {
  readonly name: string;
  readonly type: 'KEYWORD';
}

/**
 * The patch ids under which a kind of saga adopted behaviour that was added to the kit after its first sagas had
 * started. A kind without a patch id has had the behaviour from the start, and its histories contain no marker for it.
 */
export interface KitPatches {
  /** Steps that must succeed wait for an operator, instead of only being retried. */
  readonly operatorGate?: string;
  /** A decision takes effect during an attempt, and never on a later step. */
  readonly decisionInTime?: string;
  /** The undo marked `first` runs before all others. */
  readonly undoFirst?: string;
  /** A step whose service is unreachable starts again when its attempts are used up. */
  readonly outages?: string;
  /** A step is tried directly before it goes to its owner's task queue. */
  readonly directSteps?: string;
}

/** Whether this saga has a behaviour of the kit: from the start, or since the patch. */
export function has(kind: Pick<SagaKind<never>, 'patches'>, behaviour: keyof KitPatches): boolean {
  const patch = kind.patches?.[behaviour];
  return patch === undefined || patched(patch);
}

/**
 * Shows the status of a saga in the list of workflows. It is sent with the next command and costs no round trip.
 * @param patch the patch id since which it is shown: sagas that started earlier go on without it
 */
export function showStatus(attribute: KeywordAttribute, status: string, { patch }: { patch?: string } = {}): void {
  if (patch === undefined || patched(patch)) upsertSearchAttributes([{ key: attribute, value: status }]);
}
