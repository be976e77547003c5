import type { Exchange } from '../../lib/events/exchange';
import type { Queryable } from '../../lib/db/database';
import { selectStream } from '../../lib/eventlog/store';
import type { Projection, RecordedFact } from '../../lib/projections/projection';
import { firstLine, mergeResults, type Incompatibility, type CheckResult } from './check-result';
import { sampleStreams } from './store';

/** A log to check, and the read models that are folded from it. */
export interface LogToCheck {
  exchange: Exchange;
  db: Queryable;
  projections: readonly Projection[];
}

/** Folds a sample of the stored streams: each event is parsed and upcast, each read model folded. */
export async function checkStreams(logs: readonly LogToCheck[], sample: number): Promise<CheckResult> {
  const parts: CheckResult[] = [];
  for (const log of logs) {
    for (const stream of await sampleStreams(log.db, sample)) parts.push(await checkStream(log, stream));
  }
  return mergeResults(parts);
}

async function checkStream({ db, exchange, projections }: LogToCheck, stream: string): Promise<CheckResult> {
  const contracts = new Map(exchange.events.map((contract) => [contract.type, contract]));
  const facts: RecordedFact[] = [];
  for (const { id, type, version, dataVersion, data, metadata, time } of await selectStream(db, stream)) {
    const about = `${type} ${id}, version ${version} of ${stream}`;
    const contract = contracts.get(type);
    if (!contract) return incompatible(about, `is no longer an event of ${exchange.name}`);
    try {
      facts.push({
        id,
        stream,
        type,
        version,
        time,
        data: contract.parse(dataVersion, data, metadata.compatibleVersion),
      });
    } catch (error) {
      return incompatible(about, firstLine(error));
    }
  }
  const breaks = projections.flatMap((projection) => incompatibilityOf(projection, stream, facts) ?? []);
  return { looked: 1, breaks };
}

const incompatible = (about: string, detail: string): CheckResult => ({
  looked: 1,
  breaks: [{ kind: 'stream', about, detail }],
});

function incompatibilityOf(
  projection: Projection,
  stream: string,
  facts: readonly RecordedFact[],
): Incompatibility | undefined {
  if (!projection.streams.some((kind) => stream.startsWith(`${kind}-`))) return undefined;
  try {
    facts.reduce<object | undefined>((row, fact) => projection.evolve(row, fact), undefined);
    return undefined;
  } catch (error) {
    return { kind: 'stream', about: `${projection.name} of ${stream}`, detail: firstLine(error) };
  }
}
