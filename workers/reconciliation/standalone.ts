import pino from 'pino';
import { connectBroker } from '../../lib/broker/connection/connection';
import { openDatabase, type Database } from '../../lib/db/database';
import { connectTemporal } from '../../lib/temporal/client';
import type { PayloadKey } from '../../lib/temporal/payload-keys';
import { listeners } from '../deploy/consumers';
import { openBooks } from './books';
import { audit, type Audit, type AuditOptions } from './reconcile';
import { compareProgress, type ProgressOptions } from './progress';

export interface AuditHere extends Pick<AuditOptions, 'settleMs'> {
  urlOf: (service: string) => string;
  temporal: { address: string; namespace: string; payloadKeys?: readonly PayloadKey[] };
  /** Compares consumers with the logs, too. */
  progress?: Pick<ProgressOptions, 'delaysMs' | 'behindMs' | 'windowMs'> & {
    amqpUrl: string;
    /** Told of a queue that is left out, because a database is not known here. */
    onLeftOut: (queue: string, why: string) => void;
  };
}

/** Audits from this process, over connections of its own. @throws `unavailable` when Temporal or the broker is away. */
export async function auditHere({ urlOf, temporal, settleMs, progress }: AuditHere): Promise<Audit> {
  const logger = pino({ level: 'silent' });
  const opened = new Map<string, Database<unknown>>();
  const dbOf = (name: string) => {
    const database = opened.get(name) ?? openDatabase<unknown>({ url: urlOf(name), name: 'audit', poolSize: 2 });
    opened.set(name, database);
    return database.kysely;
  };
  try {
    const found = await auditBooks();
    const behind = progress ? await auditProgress(progress) : [];
    return { ...found, drift: [...found.drift, ...behind] };
  } finally {
    await Promise.all(Array.from(opened.values(), (database) => database.close()));
  }

  async function auditBooks(): Promise<Audit> {
    const connection = await connectTemporal({ ...temporal, logger, attempts: 2 });
    try {
      return await audit({
        databases: openBooks(dbOf),
        client: connection.client,
        ...(settleMs === undefined ? {} : { settleMs }),
      });
    } finally {
      await connection.close();
    }
  }

  async function auditProgress({ amqpUrl, onLeftOut, ...options }: NonNullable<AuditHere['progress']>) {
    const broker = await connectBroker({ url: amqpUrl, name: 'sagaworks audit', logger, attempts: 2 });
    try {
      const readers = listeners().flatMap((listener) => {
        try {
          const log = dbOf(listener.subscription.exchange.producer);
          return [{ ...listener, inbox: dbOf(listener.service), log }];
        } catch (error) {
          onLeftOut(listener.queue, (error as Error).message);
          return [];
        }
      });
      return await compareProgress({ ...options, readers, link: broker.consuming });
    } finally {
      await broker.close();
    }
  }
}
