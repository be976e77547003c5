import type { z } from 'zod';
import { readerOf } from './reader';

/** One version of an event's data. */
interface Version {
  /** What writers write: exactly these fields. Readers accept others as well, and ignore them. */
  schema: z.ZodType;
  /** Converts the data of the previous version to this one. */
  upcast?: (previous: never) => unknown;
  /**
   * The lowest version whose readers can read this one, ignoring unknown fields; by default its own. Set it only where
   * the ignored fields do not matter to those readers. `npm run contracts:check` compares the schemas.
   */
  readableFrom?: number;
}

type LastOf<V extends readonly Version[]> = V extends readonly [...unknown[], infer L extends Version] ? L : never;

/** An event as a service appends it: a fact that has happened, without a place in a stream yet. */
export interface NewEvent<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly dataVersion: number;
  /** The lowest version whose readers can read it, where that is not its own. */
  readonly compatibleVersion?: number;
  readonly data: Data;
}

/** What is known of every event type: enough to route, parse and document it. */
export interface EventContract<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly stream: string;
  readonly version: number;
  /** For each version, the schema of what is written. */
  readonly schemas: readonly z.ZodType[];
  /** For each version, the schema that readers parse with. */
  readonly readers: readonly z.ZodType[];
  /** For each version, the lowest version whose readers can read it. */
  readonly compatibleVersions: readonly number[];
  readonly example: Data;
  /** It erases a person's data: earlier events of its stream must not be kept, and need not be applied. */
  readonly erases: boolean;
  /** It needs no subscriber: without a queue it is dropped. Any other event without a queue raises an alarm. */
  readonly isOptional: boolean;
  /**
   * The data in the newest version that this code knows, without unknown fields.
   * @param compatibleVersion the lowest version whose readers can read the data; by default its own
   * @throws UnknownEventVersion when only readers of a newer version can read it (the message waits for a deploy).
   * @throws ZodError when the data does not match the schema of its version.
   */
  parse(dataVersion: number, data: unknown, compatibleVersion?: number): Data;
}

/** The contract of an event type, and the function that creates such events. */
export interface EventDefinition<Name extends string, Data> extends EventContract<Name, Data> {
  (data: Data): NewEvent<Name, Data>;
}

/** An event version that this code does not know: it was written by a newer deployment. */
export class UnknownEventVersion extends Error {
  constructor(type: string, dataVersion: number, newest: number) {
    super(
      `${type} version ${dataVersion} is unknown (newest known version: ${newest}); deploy the consumer's new version`,
    );
    this.name = 'UnknownEventVersion';
  }
}

/**
 * Declares an event type. The result is a function that creates such events.
 * @example const userErased = defineEvent('user.erased', { stream: 'user', versions: [{ schema }], example: { userId } });
 */
export function defineEvent<
  const Stream extends string,
  const Name extends `${Stream}.${string}`,
  const V extends readonly [Version, ...Version[]],
>(
  type: Name,
  contract: {
    /** The kind of stream; the event type begins with it. */
    stream: Stream;
    versions: V;
    erases?: true;
    subscribers?: 'optional';
    example: z.infer<LastOf<V>['schema']>;
  },
): EventDefinition<Name, z.infer<LastOf<V>['schema']>> {
  type Data = z.infer<LastOf<V>['schema']>;
  const version = contract.versions.length;
  const compatibleVersions = contract.versions.map(({ readableFrom }, index) => readableFrom ?? index + 1);
  const compatibleVersion = compatibleVersions[version - 1] ?? version;
  const written = { type, dataVersion: version, ...(compatibleVersion < version ? { compatibleVersion } : {}) };
  const create = (data: Data): NewEvent<Name, Data> => ({ ...written, data });
  const readers = contract.versions.map(({ schema }) => readerOf(schema));
  const parse = (dataVersion: number, data: unknown, compatible = dataVersion): Data =>
    dataVersion > version && compatible <= version
      ? (parseNewer(type, readers, dataVersion, data) as Data)
      : (upcastFrom(type, contract.versions, readers, dataVersion, data) as Data);
  return Object.assign(create, {
    type,
    stream: contract.stream,
    version,
    schemas: contract.versions.map(({ schema }) => schema),
    readers,
    compatibleVersions,
    example: contract.example,
    erases: contract.erases ?? false,
    isOptional: contract.subscribers === 'optional',
    parse,
  });
}

/** Parses `data` as a reader of its own version, then upcasts it version by version. */
function upcastFrom(
  type: string,
  versions: readonly Version[],
  readers: readonly z.ZodType[],
  dataVersion: number,
  data: unknown,
): unknown {
  const reader = readers[dataVersion - 1];
  if (!reader) throw new UnknownEventVersion(type, dataVersion, versions.length);
  return versions
    .slice(dataVersion)
    .reduce((value, next) => (next.upcast ? next.upcast(value as never) : value), reader.parse(data));
}

/** Parses data of a newer version that claims to be readable here; when it is not, it waits like any other. */
function parseNewer(type: string, readers: readonly z.ZodType[], dataVersion: number, data: unknown): unknown {
  const parsed = readers.at(-1)?.safeParse(data);
  if (!parsed?.success) throw new UnknownEventVersion(type, dataVersion, readers.length);
  return parsed.data;
}

/** The data type of a defined event. */
export type DataOf<D> = D extends EventContract<string, infer Data> ? Data : never;
/** The event type that a definition creates. */
export type EventOf<D> = D extends EventDefinition<infer Name, infer Data> ? NewEvent<Name, Data> : never;
