import type { KeywordAttribute } from '../../saga/kind';

/** What the sagas of a platform are about, so that operators can name a saga by the id of its subject. */
export interface SagaSubject {
  /** The name of its id in paths and bodies, such as `noteId`. */
  readonly name: string;
  /** The ids of its workflows: those that may follow, then the main one. The first that Temporal knows counts. */
  readonly workflowsOf: (id: string) => readonly [...string[], string];
  /** The id of a workflow's subject. */
  readonly idOf: (workflowId: string) => string;
  /** The search attributes with a saga's status, and with the step that waits for an operator. */
  readonly attributes: {
    readonly status: KeywordAttribute;
    readonly stuck: KeywordAttribute;
  };
}

/** Temporal's query for the sagas that wait for an operator. */
export const waitingQuery = ({ attributes }: SagaSubject): string =>
  `${attributes.stuck.name} is not null and ExecutionStatus = 'Running'`;
