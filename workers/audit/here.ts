import pino from 'pino';
import { openDatabase } from '../../lib/db/database';
import { connectTemporal } from '../../lib/temporal/client';
import type { PayloadKey } from '../../lib/temporal/payload-keys';
import { audit, type Audit, type AuditOptions } from './audit';

export interface AuditHere extends Pick<AuditOptions, 'settleMs'> {
  urlOf: (service: string) => string;
  temporal: { address: string; namespace: string; payloadKeys?: readonly PayloadKey[] };
}

/** Audits from this process, over connections of its own. @throws `unavailable` when Temporal does not answer. */
export async function auditHere({ urlOf, temporal, settleMs }: AuditHere): Promise<Audit> {
  const logger = pino({ level: 'silent' });
  const open = (name: string) => openDatabase<unknown>({ url: urlOf(name), name: 'audit', poolSize: 2 });
  const opened = {
    orders: open('orders'),
    payments: open('payments'),
    shipping: open('shipping'),
    inventory: open('inventory'),
    gateway: open('gateway'),
  };
  const connection = await connectTemporal({ ...temporal, logger, attempts: 2 });
  try {
    const { orders, payments, shipping, inventory, gateway } = opened;
    const databases = {
      orders: orders.kysely,
      payments: payments.kysely,
      shipping: shipping.kysely,
      inventory: inventory.kysely,
      gateway: gateway.kysely,
    };
    return await audit({ databases, client: connection.client, ...(settleMs === undefined ? {} : { settleMs }) });
  } finally {
    await Promise.all([connection.close(), ...Object.values(opened).map((database) => database.close())]);
  }
}
