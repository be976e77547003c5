import { databaseNames } from '../../workers/modules/roles';
import type { DatabaseUrls } from './databases';
import type { Ports } from './ports';
import type { Secrets } from './secrets';
import { systems, type Endpoints, type System } from './systems';

/** The systems that the environment names, which are used as they are. */
export function namedSystems(env: NodeJS.ProcessEnv): System[] {
  const variables = {
    postgres: 'DATABASE_URL',
    rabbitmq: 'RABBITMQ_URL',
    temporal: 'TEMPORAL_ADDRESS',
    mail: 'SMTP_URL',
  };
  return systems.filter((system) => env[variables[system]]);
}

/** What the environment names, and our own ports for the rest. */
export function endpoints(env: NodeJS.ProcessEnv, ports: Ports, secrets: Pick<Secrets, 'postgres'>): Endpoints {
  const { DATABASE_URL, RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL, SMTP_URL, MAIL_URL } = env;
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_UI_URL } = env;
  const mailUrl = MAIL_URL || (SMTP_URL ? undefined : `http://127.0.0.1:${ports.mailWeb}`);
  return {
    databaseUrl: DATABASE_URL || `postgres://postgres:${secrets.postgres}@127.0.0.1:${ports.postgres}/postgres`,
    rabbitmqUrl: RABBITMQ_URL || `amqp://guest:guest@127.0.0.1:${ports.rabbitmq}`,
    rabbitmqManagementUrl:
      RABBITMQ_MANAGEMENT_URL ||
      (RABBITMQ_URL ? managementOf(RABBITMQ_URL) : `http://guest:guest@127.0.0.1:${ports.rabbitmqManagement}`),
    temporalNamespace: (TEMPORAL_ADDRESS && TEMPORAL_NAMESPACE) || 'default',
    temporalAddress: TEMPORAL_ADDRESS || `127.0.0.1:${ports.temporal}`,
    temporalUiUrl:
      TEMPORAL_UI_URL ||
      (TEMPORAL_ADDRESS
        ? `http://${TEMPORAL_ADDRESS.replace(/:\d+$/, '')}:8233`
        : `http://127.0.0.1:${ports.temporalUi}`),
    smtpUrl: SMTP_URL || `smtp://127.0.0.1:${ports.smtp}?ignoreTLS=true`,
    ...(mailUrl === undefined ? {} : { mailUrl }),
  };
}

/** The variables that the platform's processes read (workers/config/ and the modules of the services), and the tests. */
export function environmentOf(
  found: Endpoints,
  databases: Record<string, DatabaseUrls>,
  brokerLogins: Record<string, string>,
  secrets: Secrets,
  port: number,
): Record<string, string> {
  const urls = databaseNames.flatMap((name) => databaseVariables(name, databases[name]));
  const logins = Object.entries(brokerLogins).map(([name, login]) => [`${name.toUpperCase()}_RABBITMQ_LOGIN`, login]);
  return {
    ...(Object.fromEntries(logins) as Record<string, string>),
    ...(Object.fromEntries(urls) as Record<string, string>),
    DATABASE_URL: found.databaseUrl,
    RABBITMQ_URL: found.rabbitmqUrl,
    RABBITMQ_MANAGEMENT_URL: found.rabbitmqManagementUrl,
    TEMPORAL_ADDRESS: found.temporalAddress,
    TEMPORAL_NAMESPACE: found.temporalNamespace,
    SMTP_URL: found.smtpUrl,
    TOKEN_SIGNING_KEYS: JSON.stringify(secrets.tokenKeys),
    CARRIER_WEBHOOK_SECRET: secrets.carrier,
    ORDER_DETAILS_KEYS: secrets.orderDetails,
    EMAIL_CHANGE_KEYS: secrets.emailChanges,
    ...portVariables(port),
  };
}

/** The variables that say where the API listens. */
export const portVariables = (port: number): Record<string, string> => ({
  PORT: String(port),
  EMAIL_CHANGE_URL: `http://127.0.0.1:${port}/email-changes`,
});

/** The variables of a database, for the role that works in it and the one that owns it. */
export const databaseVariables = (name: string, urls: DatabaseUrls | undefined): [string, string | undefined][] => [
  [`${name.toUpperCase()}_DATABASE_URL`, urls?.url],
  [`${name.toUpperCase()}_DATABASE_OWNER_URL`, urls?.ownerUrl],
];

/** RabbitMQ's management at its usual port, for a broker of which only the AMQP address is known. */
function managementOf(amqpUrl: string): string {
  const { hostname, username, password } = new URL(amqpUrl);
  return `http://${username || 'guest'}:${password || 'guest'}@${hostname}:15672`;
}
