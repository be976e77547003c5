/** Something that happened to an order, as one part of the platform has recorded it. */
export interface Happening {
  at: Date;
  /** A service, or `relay`, `consumer`, `saga`, `gateway`, `email` or `operator`. */
  source: string;
  kind: string;
  text: string;
  actor?: string;
  why?: string;
  details?: Record<string, unknown>;
  /** Under which others name it as their cause: the id of an event. */
  id?: string;
  /** Its place in a stream, if it is an event. */
  stream?: string;
  version?: number;
  /** The id of what led to it. */
  after?: string;
}
