/** What the API decided about one request that would change something. */
export interface Decision {
  time: Date;
  /** The id of the caller. */
  actor: string;
  role: string;
  /** The scope that the route requires. */
  scope: string;
  /** `POST /notes/:id` */
  route: string;
  /** The path that was asked for. */
  object: string;
  outcome: 'allowed' | 'denied';
  /** Of the answer: an allowed request may still have failed. */
  status: number;
}

/** Takes decisions; never fails and never waits. */
export interface DecisionLog {
  note(decision: Decision): void;
}

/** For apps without an audit log. */
export const noDecisionLog: DecisionLog = { note: () => undefined };
