import { exchanges } from '../../contracts/events';
import { userMigrations } from '../../services/users/migrations';
import { createUsersRoutes } from '../../services/users/routes';
import { userList } from '../../services/users/read-models/user-list';
import { createUsersService } from '../../services/users/service';
import type { UserTables } from '../../services/users/tables';
import { defineService } from '../service';

export const usersService = defineService<UserTables>({
  name: 'users',
  consumer: 'user-service',
  exchange: exchanges.users,
  migrations: userMigrations,
  projections: [userList],
  compose: (context) => ({
    routes: createUsersRoutes(createUsersService(context)),
  }),
});
