import { exchanges } from '../../contracts/events';
import { apiKeyMigrations } from '../../lib/http/api-keys/migrations';
import { createKeyExpiry } from '../../lib/http/idempotency/expiry';
import { defineService } from '../../lib/service/define-service';
import { userMigrations } from './migrations';
import { userList } from './read-models/user-list';
import { createAccessRoutes } from './access-routes';
import { createUsersRoutes } from './routes';
import { createUsersService } from './service';
import type { UserTables } from './tables';

export const usersModule = defineService<UserTables>()({
  name: 'users',
  consumer: 'user-service',
  exchange: exchanges.users,
  migrations: { ...userMigrations, ...apiKeyMigrations },
  projections: [userList],
  compose: (context) => {
    const users = createUsersService(context);
    return {
      routes: createUsersRoutes(users).route('/', createAccessRoutes(users, context.database.kysely)),
      background: createKeyExpiry({ ...context, db: context.database.kysely }),
    };
  },
});
