import type { BrokerAddresses } from '../../workers/topology/changes';
import { localDirectory, readLocalStack, readLocalToken, unknownAddress } from './local-stack';

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
  const { RABBITMQ_URL: amqpUrl, RABBITMQ_MANAGEMENT_URL: managementUrl } = env;
  if (amqpUrl && managementUrl) return { amqpUrl, managementUrl };
  if (amqpUrl || managementUrl) throw new Error('Set both RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL, or neither');
  const { rabbitmqUrl, rabbitmqManagementUrl } = readLocalStack(directory);
  if (rabbitmqUrl && rabbitmqManagementUrl) return { amqpUrl: rabbitmqUrl, managementUrl: rabbitmqManagementUrl };
  throw unknownAddress('The address of the broker', 'RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL');
}

/** The database of a service: `ORDERS_DATABASE_URL`, otherwise that of the local stack. @throws Error likewise. */
export function databaseAddress(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
  directory = localDirectory,
): string {
  const variable = `${service.toUpperCase()}_DATABASE_URL`;
  const url = env[variable] || readLocalStack(directory).databases?.[service];
  if (url) return url;
  throw unknownAddress(`The address of the database of ${service}`, variable);
}
