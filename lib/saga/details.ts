import { setCurrentDetails } from '@temporalio/workflow';
import type { Call } from './call';

/** Shows the course of a saga in the Temporal Web UI: a line for each call, and what it waits for. It adds no event. */
export interface SagaDetails {
  /** A call has started. @returns what to call with its outcome. */
  started(call: Shown): (outcome: string) => void;
  /** What the saga waits for, as Markdown; undefined when it goes on. */
  waiting(text: string | undefined): void;
}

type Shown = Pick<Call<unknown>, 'activity' | 'summary'>;

/** Creates the details of one saga. */
export function createSagaDetails(): SagaDetails {
  /** One line for each activity, however often it is run. */
  const lines = new Map<string, string>();
  let waits: string | undefined;

  const show = (): void =>
    setCurrentDetails([...(waits === undefined ? [] : [waits, '']), ...lines.values()].join('\n'));
  const setLine = ({ activity, summary }: Shown, outcome: string): void => {
    lines.set(activity, `- ${activity}: ${summary} (${outcome})`);
    show();
  };
  return {
    started: (call) => {
      const began = Date.now();
      setLine(call, 'in progress');
      return (outcome) => setLine(call, `${outcome}, ${Date.now() - began} ms`);
    },
    waiting: (text) => {
      waits = text;
      show();
    },
  };
}
