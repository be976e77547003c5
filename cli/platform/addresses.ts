import type { BrokerUrl } from '../../lib/broker/connection/address';
import { fixed } from '../../lib/config/live';
import { secretIn } from '../../lib/config/secret-files';
import type { DatabaseUrl } from '../../lib/db/address';
import type { BrokerAddresses } from '../../workers/topology/changes';
import { localDirectory, readLocalStack, readLocalToken, unknownAddress } from './local-stack';
import { tlsIn } from './tls';

/** The API: `SAGAWORKS_URL`, otherwise that of the local stack. @throws Error when there is neither. */
export function apiUrl(env: NodeJS.ProcessEnv = process.env, directory = localDirectory): string {
  const url = env['SAGAWORKS_URL'] || readLocalStack(directory).apiUrl;
  if (url) return url;
  throw unknownAddress('The address of the platform', 'SAGAWORKS_URL');
}

/** An operator's token: `SAGAWORKS_TOKEN`, otherwise that of the local stack. @throws Error when there is neither. */
export function operatorToken(env: NodeJS.ProcessEnv = process.env, directory = localDirectory): string {
  const token = env['SAGAWORKS_TOKEN'] || readLocalToken(directory);
  if (token) return token;
  throw unknownAddress('The token of an operator', 'SAGAWORKS_TOKEN');
}

/** The broker: `RABBITMQ_URL` and `RABBITMQ_MANAGEMENT_URL`, otherwise that of the local stack. @throws Error likewise. */
export function brokerAddresses(env: NodeJS.ProcessEnv = process.env, directory = localDirectory): BrokerAddresses {
  const [amqpUrl, managementUrl] = [secretIn(env, 'RABBITMQ_URL'), secretIn(env, 'RABBITMQ_MANAGEMENT_URL')];
  const tls = tlsIn(env, 'RABBITMQ');
  if (amqpUrl && managementUrl) return { amqpUrl, managementUrl, ...(tls ? { tls } : {}) };
  if (amqpUrl || managementUrl) throw new Error('Set both RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL, or neither');
  const { rabbitmqUrl, rabbitmqManagementUrl } = readLocalStack(directory);
  if (rabbitmqUrl && rabbitmqManagementUrl) return { amqpUrl: rabbitmqUrl, managementUrl: rabbitmqManagementUrl };
  throw unknownAddress('The address of the broker', 'RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL');
}

/** The broker alone, with its TLS. @throws Error likewise. */
export function brokerUrl(): BrokerUrl {
  const { amqpUrl, tls } = brokerAddresses();
  return tls ? fixed({ url: amqpUrl, tls }) : amqpUrl;
}

/** The database of a service: `ORDERS_DATABASE_URL`, otherwise that of the local stack. @throws Error likewise. */
export function databaseAddress(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
  directory = localDirectory,
): DatabaseUrl {
  const variable = `${service.toUpperCase()}_DATABASE_URL`;
  const url = secretIn(env, variable) ?? readLocalStack(directory).databases?.[service];
  const tls = tlsIn(env, 'POSTGRES');
  if (url) return tls ? fixed({ url, tls }) : url;
  throw unknownAddress(`The address of the database of ${service}`, variable);
}
