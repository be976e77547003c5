import pino from 'pino';
import type { BrokerUrl } from '../../lib/broker/connection/address';
import { connectBroker } from '../../lib/broker/connection/connection';
import type { DatabaseUrl } from '../../lib/db/address';
import { openDatabase, type Database } from '../../lib/db/database';
import { connectTemporal, type TemporalOptions } from '../../lib/temporal/client';
import { listeners } from '../deploy/consumers';
import { openBooks } from './books';
import { compareProgress, type ProgressOptions } from './progress';
import { reconcile, type Reconciliation, type ReconcileOptions } from './reconcile';

export interface StandaloneOptions extends Pick<ReconcileOptions, 'settleMs'> {
  urlOf: (service: string) => DatabaseUrl;
  temporal: Pick<TemporalOptions, 'address' | 'namespace' | 'payloadKeys' | 'payloads' | 'access'>;
  /** Compares the progress of consumers with the logs, too. */
  progress?: Pick<ProgressOptions, 'delaysMs' | 'behindMs' | 'windowMs'> & {
    amqpUrl: BrokerUrl;
    /** Called for a queue that is left out because a database is not configured. */
    onLeftOut: (queue: string, why: string) => void;
  };
}

/** Reconciles over connections of its own. @throws `unavailable` when Temporal or the broker is unavailable. */
export async function reconcileStandalone({
  urlOf,
  temporal,
  settleMs,
  progress,
}: StandaloneOptions): Promise<Reconciliation> {
  const logger = pino({ level: 'silent' });
  const opened = new Map<string, Database<unknown>>();
  const dbOf = (name: string) => {
    const database =
      opened.get(name) ?? openDatabase<unknown>({ url: urlOf(name), name: 'audit', poolSize: 2, queryTimeoutMs: 0 });
    opened.set(name, database);
    return database.kysely;
  };
  try {
    const found = await reconcileBooks();
    const behind = progress ? await checkProgress(progress) : [];
    return { ...found, drift: [...found.drift, ...behind] };
  } finally {
    await Promise.all(Array.from(opened.values(), (database) => database.close()));
  }

  async function reconcileBooks(): Promise<Reconciliation> {
    const connection = await connectTemporal({ ...temporal, logger, attempts: 2 });
    try {
      return await reconcile({
        databases: openBooks(dbOf),
        client: connection.client,
        ...(settleMs === undefined ? {} : { settleMs }),
      });
    } finally {
      await connection.close();
    }
  }

  async function checkProgress({ amqpUrl, onLeftOut, ...options }: NonNullable<StandaloneOptions['progress']>) {
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
