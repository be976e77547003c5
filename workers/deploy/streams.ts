import type { Exchange } from '../../lib/events/exchange';
import type { Queryable } from '../../lib/db/database';
import { selectStream } from '../../lib/eventlog/store';
import type { Projection, RecordedFact } from '../../lib/projections/projection';
import { firstLine, together, type Break, type Checked } from './breaks';
import { sampleStreams } from './store';

/** A log to look into, and the read models that are made of it. */
export interface LogToCheck {
  exchange: Exchange;
  db: Queryable;
  projections: readonly Projection[];
}

/** Rebuilds a sample of the stored streams: each event is parsed and brought up to date, each read model folded. */
export async function checkStreams(logs: readonly LogToCheck[], sample: number): Promise<Checked> {
  const parts: Checked[] = [];
  for (const log of logs) {
    for (const stream of await sampleStreams(log.db, sample)) parts.push(await checkStream(log, stream));
  }
  return together(parts);
}

async function checkStream({ db, exchange, projections }: LogToCheck, stream: string): Promise<Checked> {
  const contracts = new Map(exchange.events.map((contract) => [contract.type, contract]));
  const facts: RecordedFact[] = [];
  for (const { id, type, version, dataVersion, data, metadata, time } of await selectStream(db, stream)) {
    const about = `${type} ${id}, version ${version} of ${stream}`;
    const contract = contracts.get(type);
    if (!contract) return broken(about, `is no event of ${exchange.name} any more`);
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
      return broken(about, firstLine(error));
    }
  }
  const breaks = projections.flatMap((projection) => breakOf(projection, stream, facts) ?? []);
  return { looked: 1, breaks };
}

const broken = (about: string, detail: string): Checked => ({
  looked: 1,
  breaks: [{ kind: 'stream', about, detail }],
});

function breakOf(projection: Projection, stream: string, facts: readonly RecordedFact[]): Break | undefined {
  if (!projection.streams.some((kind) => stream.startsWith(`${kind}-`))) return undefined;
  try {
    facts.reduce<object | undefined>((row, fact) => projection.evolve(row, fact), undefined);
    return undefined;
  } catch (error) {
    return { kind: 'stream', about: `${projection.name} of ${stream}`, detail: firstLine(error) };
  }
}
