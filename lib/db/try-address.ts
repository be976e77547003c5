import { Client } from 'pg';
import { fixed } from '../config/live';
import type { DatabaseAddress } from './address';
import { connectingTo } from './connecting';

/** Logs in once. @throws when the server, the login or the certificates are refused. */
export async function tryAddress(address: DatabaseAddress): Promise<void> {
  const client = new (connectingTo(fixed(address), Client))({
    application_name: 'check of a new login',
    connectionTimeoutMillis: 5_000,
  });
  // A lost connection is reported by the call that needed it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select');
  } finally {
    await client.end().catch(() => undefined); // It is already broken or closed.
  }
}
