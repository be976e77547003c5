import { z } from 'zod';
import { deployedRoles, settingNames } from './roles';

/** Where Kubernetes itself says what is valid: the API server checks it. */
const open = z.record(z.string(), z.unknown());
const labels = z.record(z.string(), z.string());
const quantity = z.union([z.string(), z.number()]);
const amounts = z.strictObject({ cpu: quantity, memory: quantity, 'ephemeral-storage': quantity }).partial();
const resources = z.strictObject({ requests: amounts, limits: amounts }).partial();
const port = z.int().min(1).max(65_535);
/** A name of an object in Kubernetes; empty: none. */
const objectName = z.string().regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/);

const processSettings = z.strictObject({
  replicas: z.int().min(0),
  resources,
  terminationGracePeriodSeconds: z.int().min(1),
  priorityClassName: objectName,
  nodeSelector: labels,
  tolerations: z.array(open),
  affinity: open,
  podAnnotations: labels,
});

const peers = z.strictObject({ ports: z.array(port).min(1), to: z.array(open) });
const tlsFiles = z.strictObject({ secret: objectName, ca: z.boolean(), client: z.boolean() });

/** What `values.yaml` may say; from it `values.schema.json` is generated, so that Helm refuses everything else. */
export function valuesSchema() {
  const settings = Object.fromEntries(
    settingNames().map((name) => [name, z.union([z.string(), z.number(), z.boolean()])]),
  );
  const roles = Object.fromEntries(deployedRoles().map(({ name }) => [name, processSettings.partial()]));
  return z.strictObject({
    image: z.strictObject({
      repository: z.string().min(1),
      tag: z.string(),
      pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
      pullSecrets: z.array(objectName),
    }),
    singleProcess: z.boolean(),
    process: processSettings,
    roles: z.strictObject(roles).partial(),
    settings: z.strictObject(settings).partial(),
    secrets: z.strictObject({ existing: objectName }),
    tls: z.strictObject({ postgres: tlsFiles, rabbitmq: tlsFiles, temporal: tlsFiles }),
    jobs: z.strictObject({
      prepare: z.enum(['provision', 'migrate', 'nothing']),
      deployCheck: z.strictObject({ enabled: z.boolean(), sample: z.int().min(0).max(100_000) }),
      resources,
    }),
    service: z.strictObject({ type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']), annotations: labels }),
    ingress: z.strictObject({
      enabled: z.boolean(),
      className: z.string(),
      host: z.string(),
      tlsSecret: objectName,
      annotations: labels,
    }),
    networkPolicy: z.strictObject({
      enabled: z.boolean(),
      apiFrom: z.array(open),
      metricsFrom: z.array(open),
      postgres: peers,
      rabbitmq: peers,
      temporal: peers,
      smtp: peers,
      extraEgress: z.array(open),
    }),
    monitoring: z.strictObject({
      serviceMonitor: z.strictObject({ enabled: z.boolean(), interval: z.string(), labels }),
      rules: z.strictObject({ enabled: z.boolean(), labels }),
    }),
    keda: z.strictObject({
      enabled: z.boolean(),
      maxReplicas: z.int().min(1),
      messagesPerReplica: z.int().min(1),
      tasksPerReplica: z.int().min(1),
    }),
    infrastructure: z.strictObject({
      enabled: z.boolean(),
      images: z.strictObject({
        postgres: z.string().min(1),
        rabbitmq: z.string().min(1),
        temporal: z.string().min(1),
        mail: z.string().min(1),
      }),
      persistence: z.strictObject({ enabled: z.boolean(), storageClass: z.string(), size: z.string() }),
      nodeSelector: labels,
      resources,
    }),
  });
}
