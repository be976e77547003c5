import { randomBytes } from 'node:crypto';
import { emailChangeSettings, sealOfEmailChange } from '../../contracts/email-change';
import { exchanges } from '../../contracts/events';
import { apiKeyMigrations } from '../../lib/http/api-keys/migrations';
import { createKeyExpiry } from '../../lib/http/idempotency/expiry';
import { defineService, together } from '../../lib/service/define-service';
import { createAccessRoutes } from './access-routes';
import { createEmailChangeExpiry } from './email-change-expiry';
import { createEmailChangeRoutes } from './email-change-routes';
import { createEmailChanges } from './email-changes';
import { userMigrations } from './migrations';
import { userList } from './read-models/user-list';
import { createUsersRoutes } from './routes';
import { createUsersService } from './service';
import type { UserTables } from './tables';

export const usersModule = defineService<UserTables>()({
  name: 'users',
  consumer: 'user-service',
  exchange: exchanges.users,
  migrations: { ...userMigrations, ...apiKeyMigrations },
  settings: emailChangeSettings,
  projections: [userList],
  compose: (context) => {
    const { kysely: db } = context.database;
    const users = createUsersService(context);
    const seal = sealOfEmailChange(context.live('EMAIL_CHANGE_KEYS'));
    if (!seal) context.logger.warn('users cannot change their e-mail addresses: EMAIL_CHANGE_KEYS is not set');
    const emailChanges = createEmailChanges({ ...context, seal, random: randomBytes });
    return {
      routes: createUsersRoutes(users, emailChanges)
        .route('/', createAccessRoutes(users, db))
        .route('/', createEmailChangeRoutes(emailChanges)),
      background: together(createKeyExpiry({ ...context, db }), createEmailChangeExpiry({ ...context, db })),
    };
  },
});
