import type { KeywordAttribute } from '../../saga/kind';

/** What the sagas of a platform are about, so that operators name a saga by the thing that they know. */
export interface SagaSubject {
  /** What paths and bodies call its id, such as `noteId`. */
  readonly name: string;
  /** The ids of its workflows: of those that may follow, then of the main one. The first that Temporal knows is meant. */
  readonly workflowsOf: (id: string) => readonly [...string[], string];
  /** The id of the subject of a workflow. */
  readonly idOf: (workflowId: string) => string;
  /** The search attributes by which sagas show how far they are, and the step that waits for an operator. */
  readonly attributes: {
    readonly status: KeywordAttribute;
    readonly stuck: KeywordAttribute;
  };
}

/** Temporal's query for the sagas that wait for an operator. */
export const waitingQuery = ({ attributes }: SagaSubject): string =>
  `${attributes.stuck.name} is not null and ExecutionStatus = 'Running'`;
