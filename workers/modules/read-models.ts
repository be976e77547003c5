import type { DatabaseUrl } from '../../lib/db/address';
import { openDatabase, type Database } from '../../lib/db/database';
import { subscriptionFor } from '../../lib/projections/rows';
import type { Projection, ProjectionContext } from '../../lib/projections/projection';
import { services } from './discover';

/** A read model of the platform: the service that owns it, and the one whose events it is folded from. */
export interface ReadModel {
  projection: Projection;
  service: string;
  producer: string;
}

/** Every read model of every service. */
export const readModels = (): ReadModel[] =>
  services.flatMap(({ name, projections }) =>
    projections.map((projection) => ({ projection, service: name, producer: projection.exchange.producer })),
  );

/** Runs something on a read model, with the databases of its table and its events. @param urlOf the URL of a database. */
export async function onReadModel<T>(
  { projection, service, producer }: ReadModel,
  urlOf: (service: string) => DatabaseUrl,
  run: (context: ProjectionContext) => Promise<T>,
): Promise<T> {
  const open = (name: string): Database<unknown> =>
    // Building the indexes of a large table takes minutes.
    openDatabase({ url: urlOf(name), name: `projections ${projection.name}`, poolSize: 3, queryTimeoutMs: 0 });
  const database = open(service);
  const log = producer === service ? database : open(producer);
  const subscription = producer === service ? {} : { subscription: subscriptionFor(projection).name };
  try {
    return await run({ projection, database, log, ...subscription });
  } finally {
    await database.close();
    if (log !== database) await log.close();
  }
}
