import type { Migration } from 'kysely/migration';
import { opsMigrations } from '../../lib/operations/migrations';
import { projectionMigrations } from '../../lib/projections/migrations';
import { sealMigrations } from '../../lib/seals/migrations';
import type { ServiceModule } from '../../lib/service/define-service';
import { bridge } from '../bridge/bridge';
import { services } from './discover';

/** A database of the platform, and all that has to be run in it before it is used. */
export interface DeclaredDatabase {
  name: string;
  migrations: Record<string, Migration>;
}

/** What the database of a service holds: its own tables, the audit log, the seals, and what rebuilds of its read models need. */
export const migrationsOf = ({ migrations }: Pick<ServiceModule, 'migrations'>): Record<string, Migration> => ({
  ...migrations,
  ...opsMigrations,
  ...projectionMigrations,
  ...sealMigrations,
});

/** Every database of the platform. */
export const declaredDatabases: readonly DeclaredDatabase[] = [
  ...services.flatMap((service) => [
    { name: service.name, migrations: migrationsOf(service) },
    ...Object.entries(service.databases).map(([name, { migrations }]) => ({ name, migrations })),
  ]),
  { name: bridge.name, migrations: bridge.migrations },
];
