import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRabbitmq } from '../../infra/local/native/rabbitmq';
import { stopNative } from '../../infra/local/native/native';
import { anyPorts, freePorts } from '../../infra/local/ports';
import { writeFiles, type Certificate } from '../lib-support/certificates';

/** A RabbitMQ node of its own that takes TLS connections from clients with a certificate. */
export interface TlsBroker {
  /** `amqps:` */
  url: string;
  /** `https:` */
  managementUrl: string;
  stop(): Promise<void>;
}

/** @param authority in PEM, of the clients' certificates. */
export async function startTlsBroker({
  authority,
  cert,
  key,
}: Certificate & { authority: string }): Promise<TlsBroker> {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-tls-broker-'));
  const files = writeFiles(join(directory, 'tls'), { authority, cert, key });
  const [rabbitmq = 0, rabbitmqManagement = 0, tls = 0, https = 0] = await freePorts([0, 0, 0, 0]);
  const identity = (prefix: string): string[] => [
    `${prefix}.cacertfile = ${files.authority}`,
    `${prefix}.certfile = ${files.cert}`,
    `${prefix}.keyfile = ${files.key}`,
    `${prefix}.verify = verify_peer`,
    `${prefix}.fail_if_no_peer_cert = true`,
  ];
  await startRabbitmq({
    directory,
    tools: resolve('.sagaworks/tools'),
    ports: { ...anyPorts, rabbitmq, rabbitmqManagement },
    secrets: { tokenKeys: [], carrier: '', orderDetails: '', emailChanges: '', postgres: '', roles: {}, owners: {} },
    endpoints: {
      rabbitmqUrl: `amqp://guest:guest@127.0.0.1:${rabbitmq}`,
      rabbitmqManagementUrl: `http://guest:guest@127.0.0.1:${rabbitmqManagement}`,
      ...{ databaseUrl: '', temporalAddress: '', temporalNamespace: '', temporalUiUrl: '', smtpUrl: '' },
    },
    ephemeral: [],
    steps: { note: () => undefined, step: (_, run) => run() },
    brokerSettings: [
      `listeners.ssl.1 = 127.0.0.1:${tls}`,
      ...identity('ssl_options'),
      `management.ssl.ip = 127.0.0.1`,
      `management.ssl.port = ${https}`,
      ...identity('management.ssl'),
    ],
  });
  return {
    url: `amqps://guest:guest@127.0.0.1:${tls}`,
    managementUrl: `https://guest:guest@127.0.0.1:${https}`,
    stop: async () => {
      await stopNative(directory, 'delete');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
