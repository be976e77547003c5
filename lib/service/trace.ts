import type { RecordedEvent } from '../eventlog/events';

/** Something that a service has recorded besides its events, such as a call to another company. */
export interface TraceNote {
  at: Date;
  /** What kind of thing happened, in one word. */
  kind: string;
  /** For operators: no personal data, as it may be shown after the person was erased. */
  text: string;
  why?: string;
  details?: Record<string, unknown>;
  /** The id of the event that led to it. */
  after?: string;
}

/** What a service has recorded about one subject. */
export interface Trace {
  /** Its events about the subject, with the data in today's version. */
  events: RecordedEvent[];
  notes: TraceNote[];
  /** How many events were left out, because there are too many. */
  omitted: number;
  /** The person whom the subject belongs to was erased: nothing that people wrote about it may be shown any more. */
  isErased?: boolean;
}

/**
 * What a service offers to those who look into one subject, such as a trip. A module offers one for each of its
 * databases, so that the others are read while one of them does not answer.
 */
export interface TraceReader {
  /** Where it reads, as operators know it: the service, or a system that it calls. */
  readonly source: string;
  /** The subject that an id of this service belongs to; undefined when it does not know the id. */
  subjectOf(id: string): Promise<string | undefined>;
  /** What it has recorded about a subject. */
  read(subject: string): Promise<Trace>;
  /** When the steps of a saga with these effect keys were carried out or undone here. */
  effects?: (keys: readonly string[]) => Promise<TracedEffect[]>;
}

/** A step of a saga, as the service that owns it has recorded it. */
export interface TracedEffect {
  key: string;
  state: 'done' | 'undone';
  at: Date;
}
