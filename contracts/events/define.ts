import type { z } from 'zod';

/** One version of an event's data; `upcast` turns the data of the version before it into this one. */
interface Version {
  schema: z.ZodType;
  upcast?: (previous: never) => unknown;
}

type LastOf<V extends readonly Version[]> = V extends readonly [...unknown[], infer L extends Version] ? L : never;

/** An event as a service appends it: a fact that has happened, not yet given a place in a stream. */
export interface NewEvent<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly dataVersion: number;
  readonly data: Data;
}

/** What holds for every event type: enough to route, parse and document it. */
export interface EventContract<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly stream: string;
  readonly version: number;
  readonly schemas: readonly z.ZodType[];
  readonly example: Data;
  /** It takes somebody out: what came before it in its stream must be kept nowhere, and need not be applied any more. */
  readonly erases: boolean;
  /** No service here has to hear it: without a queue it is dropped. Anything else without a queue is an alarm. */
  readonly isOptional: boolean;
  /**
   * The data in its newest shape, whatever version it was written in.
   * @throws UnknownEventVersion for a version newer than this code knows (the message waits for a deploy).
   * @throws ZodError when the data does not match the schema of its version.
   */
  parse(dataVersion: number, data: unknown): Data;
}

/** The contract of one event type, and the function that makes such events. */
export interface EventDefinition<Name extends string, Data> extends EventContract<Name, Data> {
  (data: Data): NewEvent<Name, Data>;
}

/** An event version that this code cannot know yet: written by a newer deployment. */
export class UnknownEventVersion extends Error {
  constructor(type: string, dataVersion: number, newest: number) {
    super(
      `${type} version ${dataVersion} is unknown here (newest known: ${newest}); deploy the consumer's new version`,
    );
    this.name = 'UnknownEventVersion';
  }
}

/**
 * Declares an event type. The result is a function that makes such events.
 * @example const userErased = defineEvent('user.erased', { stream: 'user', versions: [{ schema }], example: { userId } });
 */
export function defineEvent<const Name extends string, const V extends readonly [Version, ...Version[]]>(
  type: Name,
  contract: {
    stream: string;
    versions: V;
    erases?: true;
    subscribers?: 'optional';
    example: z.infer<LastOf<V>['schema']>;
  },
): EventDefinition<Name, z.infer<LastOf<V>['schema']>> {
  type Data = z.infer<LastOf<V>['schema']>;
  const version = contract.versions.length;
  const make = (data: Data): NewEvent<Name, Data> => ({ type, dataVersion: version, data });
  const parse = (dataVersion: number, data: unknown): Data =>
    upcastFrom(type, contract.versions, dataVersion, data) as Data;
  return Object.assign(make, {
    type,
    stream: contract.stream,
    version,
    schemas: contract.versions.map(({ schema }) => schema),
    example: contract.example,
    erases: contract.erases ?? false,
    isOptional: contract.subscribers === 'optional',
    parse,
  });
}

/** Parses `data` with the schema of its own version, then takes it up version by version. */
function upcastFrom(type: string, versions: readonly Version[], dataVersion: number, data: unknown): unknown {
  const written = versions[dataVersion - 1];
  if (!written) throw new UnknownEventVersion(type, dataVersion, versions.length);
  const parsed = written.schema.parse(data);
  return versions
    .slice(dataVersion)
    .reduce((value, next) => (next.upcast ? next.upcast(value as never) : value), parsed);
}

/** The data type of a defined event. */
export type DataOf<D> = D extends EventContract<string, infer Data> ? Data : never;
/** The event type that a definition makes. */
export type EventOf<D> = D extends EventDefinition<infer Name, infer Data> ? NewEvent<Name, Data> : never;
