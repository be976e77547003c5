import type { Topology } from '../../lib/broker/topology/spec';
import { namespaceCommands } from '../../lib/temporal/namespace';
import { brokerDefinitions } from './broker';
import { databaseStatements, psqlScript } from './database-script';
import type { ProvisionPart, Provisioning } from './parts';

/** What an administrator runs by hand instead, part by part: text for `psql`, `rabbitmqctl` and a shell. */
export type ProvisionScripts = Partial<Record<ProvisionPart, string>>;

/** It holds no password: only what PostgreSQL and RabbitMQ store of each. */
export function provisionScripts({ databases, broker, temporal }: Provisioning, topology: Topology): ProvisionScripts {
  return {
    ...(databases && { databases: psqlScript(databases.wanted.flatMap(databaseStatements)) }),
    ...(broker && { broker: `${JSON.stringify(brokerDefinitions(broker, topology), null, 2)}\n` }),
    ...(temporal && { temporal: `${namespaceCommands(temporal).join('\n')}\n` }),
  };
}

const howTo: Record<ProvisionPart, string> = {
  databases: 'PostgreSQL: psql, as an administrator of the server; then "sagaworks migrate"',
  broker: 'RabbitMQ: rabbitmqctl import_definitions <file>, on a node',
  temporal: 'Temporal: its command line, with --address and the login of the server',
};

/** One part as it is, to be piped into its program; several below headings. */
export function scriptText(scripts: ProvisionScripts): string {
  const parts = Object.entries(scripts) as [ProvisionPart, string][];
  if (parts.length === 1) return (parts[0]?.[1] ?? '').trimEnd();
  return parts
    .map(([part, text]) => `# ${howTo[part]}\n\n${text}`)
    .join('\n')
    .trimEnd();
}
