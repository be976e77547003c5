import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { image, type Installation } from './installation';

const refusal = z.object({ at: z.number(), status: z.number(), body: z.unknown() });
const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), at: z.number() }),
  z.object({
    kind: z.literal('order'),
    orderId: z.string(),
    at: z.number(),
    acceptedMs: z.number(),
    endedMs: z.number(),
    status: z.string(),
    refusals: z.array(refusal),
  }),
  z.object({ kind: z.literal('problem'), orderId: z.string().optional(), message: z.string() }),
  z.object({ kind: z.literal('finished'), placed: z.number(), lost: z.array(z.unknown()) }),
]);
type Line = z.infer<typeof line>;

/** An order of the load, from its first request to its end. */
export type FollowedOrder = Extract<Line, { kind: 'order' }>;

/** What became of the orders of the load. */
export interface LoadResult {
  placed: number;
  orders: FollowedOrder[];
  /** Without an end when none had ended for two minutes. */
  lost: number;
  problems: string[];
}

/** The pod with the load, as the chart labels its test: so it may call the API, and nothing else. */
const podOf = (systemsNode: string, perSecond: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'load',
    labels: {
      'app.kubernetes.io/name': 'sagaworks',
      'app.kubernetes.io/instance': 'sagaworks',
      'app.kubernetes.io/component': 'test',
    },
  },
  spec: {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    nodeSelector: { 'kubernetes.io/hostname': systemsNode },
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' }, fsGroup: 1000 },
    containers: [
      {
        name: 'load',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c'],
        args: [
          'SAGAWORKS_TOKEN=$(sagaworks token --user 00000000-0000-7000-8000-000000000001 --role operator) exec node /load/place-orders.mjs',
        ],
        env: [
          { name: 'API_URL', value: 'http://sagaworks' },
          { name: 'PER_SECOND', value: String(perSecond) },
          { name: 'SECRETS_DIRECTORY', value: '/secrets' },
        ],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [
          { name: 'load', mountPath: '/load' },
          { name: 'secrets', mountPath: '/secrets' },
        ],
      },
    ],
    volumes: [
      { name: 'load', configMap: { name: 'load' } },
      {
        name: 'secrets',
        secret: { secretName: 'sagaworks', items: [{ key: 'TOKEN_SIGNING_KEYS', path: 'TOKEN_SIGNING_KEYS' }] },
      },
    ],
  },
});

/** Starts to place orders at a steady rate; resolves once the first has ended. */
export async function startLoad({ kubectl, systemsNode }: Installation, perSecond: number) {
  const script = join(__dirname, 'place-orders.mjs');
  const manifest = join(process.env['TMPDIR'] ?? '/tmp', `sagaworks-load-${process.pid}.json`);
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'load' },
    data: { 'place-orders.mjs': readFileSync(script, 'utf8') },
  };
  const items = [config, podOf(systemsNode, perSecond)];
  await writeFile(manifest, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await kubectl('apply', '-f', manifest);
  await untilSaid('started', 180_000);

  /** Until the load has printed a line of a kind. */
  async function untilSaid(kind: Line['kind'], timeoutMs: number): Promise<Line[]> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const text = await kubectl('logs', 'load').catch(() => '');
      const lines = text.split('\n').flatMap((one) => (one.startsWith('{') ? [line.parse(JSON.parse(one))] : []));
      if (lines.some((one) => one.kind === kind)) return lines;
      if (Date.now() > until) throw new Error(`The load has not ${kind}:\n${text.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }

  return {
    /** Places no more orders, and waits until all have ended. */
    async finish(): Promise<LoadResult> {
      await kubectl('exec', 'load', '--', 'sh', '-c', 'kill -TERM 1');
      const lines = await untilSaid('finished', 1_800_000);
      const finished = lines.find((one) => one.kind === 'finished');
      return {
        placed: finished?.placed ?? 0,
        orders: lines.filter((one) => one.kind === 'order'),
        lost: finished?.lost.length ?? 0,
        problems: lines.flatMap((one) => (one.kind === 'problem' ? [one.message] : [])),
      };
    },
  };
}
