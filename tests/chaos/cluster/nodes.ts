import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chooseKind } from '../../../infra/local/stack-kind';
import type { Steps } from '../../../infra/local/steps';
import { createDockerNodes } from './docker-nodes';
import { createNativeNodes } from './native-nodes';
import type { ClusterNodes } from './node';

/** Nodes of the kind that the local stack has, see `SAGAWORKS_STACK`; or containers of the image that is named. */
export async function createNodes(directory: string, steps: Steps, image?: string): Promise<ClusterNodes> {
  if (image !== undefined) return createDockerNodes(directory, image);
  const kind = await chooseKind(['rabbitmq'], process.env, steps);
  return kind === 'docker' ? createDockerNodes(directory, composeImage()) : createNativeNodes(directory, steps);
}

/** The broker's image in docker-compose.yml. */
function composeImage(): string {
  const [image] = /rabbitmq:[\w.-]+/.exec(readFileSync(resolve('docker-compose.yml'), 'utf8')) ?? [];
  if (!image) throw new Error('docker-compose.yml names no image of RabbitMQ');
  return image;
}
