import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { BrokerDump } from './broker';

/** What a platform had stored when it was stopped, and what it said of it. */
export interface Dump {
  /** SQL for each database. */
  databases: Record<string, string>;
  broker: BrokerDump;
  /** The SQLite file of Temporal's development server. */
  temporal: Buffer;
  facts: Facts;
}

/** What a test has to find again. */
export interface Facts {
  /** The commit of the platform that was dumped. */
  commit: string;
  /** The newest transaction of its PostgreSQL. */
  transaction: number;
  userId: string;
  /** What was answered to `GET` on these paths. */
  answers: Record<string, Record<string, unknown>>;
  /** What became of each order that it is about. */
  orders: { confirmed: string; inReview: string; deadLetter: string; waiting: string };
  /** The message that died, and where. */
  failedMessage: { id: string; queue: string };
}

const folder = join(__dirname, 'dump');
const at = (name: string): string => join(folder, name);

/** Writes a dump over the one before; text where it can be, so that a change of it can be read. */
export function writeDump({ databases, broker, temporal, facts }: Dump): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, sql] of Object.entries(databases)) writeFileSync(at(`${name}.sql`), sql);
  writeFileSync(at('broker.json'), asJson(broker));
  writeFileSync(at('temporal.db.gz'), gzipSync(temporal, { level: 9 }));
  writeFileSync(at('facts.json'), asJson(facts));
}

const asJson = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The dump that is kept beside this file. */
export function readDump(): Dump {
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  const databases = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return {
    databases: Object.fromEntries(databases.map((name) => [name.replace('.sql', ''), text(name)])),
    broker: JSON.parse(text('broker.json')) as BrokerDump,
    temporal: gunzipSync(readFileSync(at('temporal.db.gz'))),
    facts: JSON.parse(text('facts.json')) as Facts,
  };
}
