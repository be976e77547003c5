import pino from 'pino';
import { connectTemporal } from '../../lib/temporal/client';
import { promote } from '../../lib/temporal/deployment';

/** Makes a version of the saga workers the current one, from this process. @throws as `promote` does. */
export async function promoteHere(temporal: { address: string; namespace: string }, buildId: string): Promise<void> {
  const connection = await connectTemporal({ ...temporal, logger: pino({ level: 'silent' }), attempts: 2 });
  try {
    await promote(connection.client, buildId);
  } finally {
    await connection.close();
  }
}
