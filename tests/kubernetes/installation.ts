import { run, succeeds } from './programs';

export const image = 'sagaworks:test';
const chart = 'infra/helm/sagaworks';

/** The chart in a namespace of its own. */
export interface Installation {
  namespace: string;
  /** The node with the systems: they have no volumes, so it is left alone. */
  systemsNode: string;
  /** The other nodes. */
  nodes: readonly string[];
  kubectl: (...args: string[]) => Promise<string>;
  /** Whether a command in a container succeeds. */
  tries: (role: string, script: string) => Promise<boolean>;
  upgrade: (...set: string[]) => Promise<void>;
  deployments: () => Promise<string[]>;
}

/** Builds the image, and brings it to the nodes: by `KUBERNETES_LOAD_IMAGE`, such as "kind load docker-image". */
export async function provideImage(): Promise<void> {
  const commit = await run('git', ['rev-parse', '--short', 'HEAD']);
  await run('docker', ['build', '--quiet', '--build-arg', `COMMIT=${commit}`, '-t', image, '.'], 900_000);
  const [program = '', ...args] = (process.env['KUBERNETES_LOAD_IMAGE'] || 'kind load docker-image').split(' ');
  await run(program, [...args, image], 600_000);
}

/** The values that tests install with: everything in the cluster, two replicas of the API, restricted pods. */
function valuesOf(systemsNode: string): string[] {
  const [repository = '', tag = ''] = image.split(':');
  return [
    ...['--values', 'infra/helm/examples/everything-in-cluster.yaml'],
    ...['--set', `image.repository=${repository}`, '--set', `image.tag=${tag}`],
    ...['--set-string', `infrastructure.nodeSelector.kubernetes\\.io/hostname=${systemsNode}`],
  ];
}

/** Installs the chart into a new namespace that refuses pods with privileges. */
export async function install(namespace: string): Promise<Installation> {
  const found = await run('kubectl', ['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}']);
  const [systemsNode = '', ...nodes] = found.split(' ').sort();
  if (nodes.length < 2) throw new Error(`The cluster has the nodes ${found}; three are needed`);
  await run('kubectl', ['delete', 'namespace', namespace, '--ignore-not-found', '--wait']);
  await run('kubectl', ['create', 'namespace', namespace]);
  const level = 'pod-security.kubernetes.io/enforce=restricted';
  await run('kubectl', ['label', 'namespace', namespace, level]);
  const values = valuesOf(systemsNode);
  const timeout = ['--wait', '--timeout', '8m'];
  await run('helm', ['install', 'sagaworks', chart, '-n', namespace, ...values, ...timeout], 600_000);
  const kubectl = (...args: string[]) => run('kubectl', ['-n', namespace, ...args]);
  return {
    namespace,
    systemsNode,
    nodes,
    kubectl,
    tries: (role, script) =>
      succeeds('kubectl', [
        '-n',
        namespace,
        'exec',
        `deploy/sagaworks-${role}`,
        '-c',
        'sagaworks',
        '--',
        'node',
        '-e',
        script,
      ]),
    upgrade: async (...set) => {
      const more = set.flatMap((one) => ['--set', one]);
      await run('helm', ['upgrade', 'sagaworks', chart, '-n', namespace, ...values, ...more, ...timeout], 600_000);
    },
    deployments: async () => (await kubectl('get', 'deployments', '-o', 'name')).split('\n'),
  };
}

/** `helm test`: an order to its e-mail. @returns its log. */
export const placeFirstOrder = ({ namespace }: Pick<Installation, 'namespace'>): Promise<string> =>
  run('helm', ['test', 'sagaworks', '-n', namespace, '--logs', '--timeout', '4m']);
