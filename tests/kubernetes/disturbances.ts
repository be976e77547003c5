import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../infra/local/steps';
import type { Installation } from './installation';

/** Something done to the platform while orders are placed. */
export interface Disturbance {
  /** The word that chooses it. */
  word: string;
  name: string;
  /** @throws Error when the platform does not come through it. */
  run: (installation: Installation) => Promise<void>;
}

/** In the order in which they are done. */
const disturbances: readonly Disturbance[] = [
  { word: 'nothing', name: 'nothing, for comparison', run: () => sleep(20_000) },
  { word: 'rollout', name: 'rollout restart of every role', run: restartAll },
  { word: 'drain', name: 'a node drained', run: drainNode },
  { word: 'kill', name: 'a pod of each role killed', run: killPods },
  { word: 'scale', name: '`orders` and `saga` scaled 1 → 3 → 1', run: scale },
  {
    word: 'upgrade',
    name: '`helm upgrade` with another setting',
    run: (installation) => installation.upgrade('settings.LOG_LEVEL=warn'),
  },
];

/** Those that the words name, in their order; all without words. @throws UserError for a word that names none. */
export function chosenDisturbances(words: readonly string[]): readonly Disturbance[] {
  const known = disturbances.map(({ word }) => word);
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0)
    throw new UserError(`There is no disturbance ${unknown.join(', ')}`, `use ${known.join(', ')}`);
  return words.length === 0 ? disturbances : disturbances.filter(({ word }) => words.includes(word));
}

/** All at once: one after the other would take as many rollouts. */
async function restartAll(installation: Installation): Promise<void> {
  const { kubectl } = installation;
  const all = await installation.deployments();
  await kubectl('rollout', 'restart', ...all);
  await ready(installation, all);
}

async function drainNode(installation: Installation): Promise<void> {
  const { kubectl, nodes } = installation;
  const [node = ''] = nodes;
  try {
    await kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=240s');
    await ready(installation, await installation.deployments());
  } finally {
    await kubectl('uncordon', node);
  }
}

/** Without a chance to drain, as when a process is killed with -9; the next one after three seconds. */
async function killPods(installation: Installation): Promise<void> {
  const { kubectl } = installation;
  const all = await installation.deployments();
  for (const deployment of all) {
    const role = deployment.replace(/^.*\/sagaworks-/, '');
    const found = await kubectl('get', 'pods', '-l', `app.kubernetes.io/component=${role}`, '-o', 'name');
    const [pod = ''] = found.split('\n');
    await kubectl('delete', pod, '--grace-period=0', '--force', '--wait=false');
    await sleep(3_000);
  }
  await ready(installation, all);
}

async function scale(installation: Installation): Promise<void> {
  const scaled = ['deployment.apps/sagaworks-orders', 'deployment.apps/sagaworks-saga'];
  for (const replicas of [3, 1]) {
    await installation.kubectl('scale', `--replicas=${replicas}`, ...scaled);
    await ready(installation, scaled);
    await sleep(5_000);
  }
}

async function ready({ kubectl }: Installation, deployments: readonly string[]): Promise<void> {
  for (const deployment of deployments) await kubectl('rollout', 'status', deployment, '--timeout=240s');
}
