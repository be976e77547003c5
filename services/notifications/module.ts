import { z } from 'zod';
import { emailChangeSettings, sealOfEmailChange } from '../../contracts/email-change';
import { secret } from '../../lib/config/secret';
import { defineService } from '../../lib/service/define-service';
import { tlsNames } from '../../lib/tls/client-tls';
import { readTlsFiles } from '../../lib/tls/tls-files';
import { accountEmails } from './account-emails/queue';
import { emails } from './emails';
import { createMailer } from './mailer';
import { notificationMigrations } from './migrations';
import { orderEmails } from './order-emails';
import { recipients } from './read-models/recipients';
import { createNotificationRoutes } from './routes';
import { createSmtp, tryServer, type SmtpServer } from './smtp';
import type { NotificationTables } from './tables';
import { traceEmails } from './trace';

/** E-mails that are sent at the same time. */
const lanes = 8;

const settings = {
  ...emailChangeSettings,
  /** Where the link leads that confirms a new e-mail address: this API's `/email-changes`, or a page of a shop front. */
  EMAIL_CHANGE_URL: z.url({ protocol: /^https?$/, hostname: /.+/ }).optional(),
  /** `smtp://user:password@host:587`; without it e-mails stay pending. `?requireTLS=true` refuses a plain connection. */
  SMTP_URL: secret(z.url({ protocol: /^smtps?$/, hostname: /.+/ })).optional(),
  /** The authorities that sign the certificate of the mail server; default: those that Node trusts. */
  SMTP_TLS_CA_FILE: z.string().min(1).transform(readAuthorities).optional(),
  /** The sender of e-mails to customers. */
  NOTIFICATIONS_FROM: z.email().default('orders@sagaworks.example'),
  /** The language of e-mails to customers. */
  NOTIFICATIONS_LANGUAGE: z.enum(['en', 'de']).default('en'),
  /** The e-mails that one process sends in a second, at most. */
  NOTIFICATIONS_PER_SECOND: z.coerce.number().int().min(1).max(10_000).default(100),
  /** How long a process may take to send an e-mail before it counts as dead. */
  NOTIFICATIONS_LEASE_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(120_000),
};

/** The contents of a file with certificates. */
function readAuthorities(file: string, context: z.RefinementCtx): string {
  const { identity, problems } = readTlsFiles({ ca: file }, tlsNames('SMTP'), new Date());
  for (const problem of problems) context.addIssue({ code: 'custom', message: problem.replace(/^\w+: /, '') });
  return identity.ca ?? '';
}

export const notificationsModule = defineService<NotificationTables>()({
  name: 'notifications',
  consumer: 'notification-service',
  migrations: notificationMigrations,
  projections: [recipients],
  reactions: [emails],
  settings,
  trace: ({ database }) => [traceEmails(database.kysely)],
  compose: ({ database: { kysely: db }, clock, logger, metrics, live, settings: chosen }) => {
    const routes = createNotificationRoutes(db, clock);
    const url = live('SMTP_URL');
    if (url.current() === undefined) {
      logger.warn('e-mails stay pending: SMTP_URL is not set');
      return { routes };
    }
    const at = (address = ''): SmtpServer => ({ url: address, ca: chosen.SMTP_TLS_CA_FILE });
    url.addCheck((candidate) => tryServer(at(candidate)));
    const { NOTIFICATIONS_FROM: from, NOTIFICATIONS_LANGUAGE: language, EMAIL_CHANGE_URL: linkUrl } = chosen;
    const seal = sealOfEmailChange(live('EMAIL_CHANGE_KEYS'));
    const queues = [orderEmails({ db, from, language })];
    if (seal && linkUrl !== undefined) queues.unshift(accountEmails({ db, seal, linkUrl, from, language }));
    else logger.warn('e-mails about accounts stay pending: EMAIL_CHANGE_KEYS or EMAIL_CHANGE_URL is not set');
    const background = createMailer({
      queues,
      lanes: Array.from({ length: lanes }, () => createSmtp(() => at(url.current()))),
      perSecond: chosen.NOTIFICATIONS_PER_SECOND,
      leaseMs: chosen.NOTIFICATIONS_LEASE_MS,
      clock,
      logger,
      metrics,
    });
    return { routes, background };
  },
});
