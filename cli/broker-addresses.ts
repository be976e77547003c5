import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { BrokerAddresses } from '../workers/topology/changes';

const stack = z.object({ rabbitmqUrl: z.string(), rabbitmqManagementUrl: z.string() });

/**
 * The broker that the environment names, otherwise that of the local stack.
 * @throws when there is neither.
 */
export function brokerAddresses(env: NodeJS.ProcessEnv, stackFile = '.sagaworks/stack.json'): BrokerAddresses {
  const { RABBITMQ_URL: amqpUrl, RABBITMQ_MANAGEMENT_URL: managementUrl } = env;
  if (amqpUrl && managementUrl) return { amqpUrl, managementUrl };
  if (amqpUrl || managementUrl) throw new Error('Set both RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL, or neither');
  if (!existsSync(stackFile)) {
    throw new Error('There is no broker: set RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL, or run "npm start" here first');
  }
  const { rabbitmqUrl, rabbitmqManagementUrl } = stack.parse(JSON.parse(readFileSync(stackFile, 'utf8')));
  return { amqpUrl: rabbitmqUrl, managementUrl: rabbitmqManagementUrl };
}
