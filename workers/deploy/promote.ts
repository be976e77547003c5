import pino from 'pino';
import { connectTemporal, type TemporalOptions } from '../../lib/temporal/client';
import { promote } from '../../lib/temporal/deployment';

/** Makes a build of the saga workers the current version, over a connection of its own. @throws as `promote` does. */
export async function promoteBuild(
  temporal: Pick<TemporalOptions, 'address' | 'namespace' | 'access'>,
  buildId: string,
): Promise<void> {
  const connection = await connectTemporal({ ...temporal, logger: pino({ level: 'silent' }), attempts: 2 });
  try {
    await promote(connection.client, buildId);
  } finally {
    await connection.close();
  }
}
