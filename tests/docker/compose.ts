import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { runCommand, type CommandResult } from '../../infra/local/commands';
import { freePort } from '../../infra/local/ports';

/** A compose project of its own, with the whole application, at ports of its own. */
export interface Project {
  apiUrl: string;
  mailUrl: string;
  /** Runs `docker compose` with these arguments. @returns its standard output. @throws Error with what it said */
  compose: (...args: string[]) => Promise<string>;
  /** Containers, networks and data. */
  remove: () => Promise<void>;
}

/** Runs docker. @throws Error with what it said */
export async function docker(...args: string[]): Promise<string> {
  return outputOf(await runCommand('docker', args, { timeoutMs: 1_800_000 }), args);
}

function outputOf({ ok, out, tail }: CommandResult, args: readonly string[]): string {
  if (!ok) throw new Error(`docker ${args.join(' ')} failed:\n${tail}`);
  return out;
}

/** The variables of docker-compose.yml that are ports of this machine. */
const ports = ['PORT', 'POSTGRES', 'RABBITMQ', 'RABBITMQ_MANAGEMENT', 'TEMPORAL', 'TEMPORAL_UI', 'SMTP', 'MAIL'];
const variable = (port: string): string => (port === 'PORT' ? port : `${port}_PORT`);

/** @param name of the project; @param files compose files besides that of the checkout */
export async function createProject(name: string, files: readonly string[] = []): Promise<Project> {
  const chosen: Record<string, string> = {};
  for (const port of ports) chosen[variable(port)] = String(await freePort());
  const project = `${name}-${createHash('sha256').update(resolve('.')).digest('hex').slice(0, 8)}`;
  const fixed = ['--project-name', project, '--profile', 'app', '--file', 'docker-compose.yml'];
  const compose = async (...args: string[]): Promise<string> => {
    const all = ['compose', ...fixed, ...files.flatMap((file) => ['--file', file]), ...args];
    return outputOf(await runCommand('docker', all, { env: { ...process.env, ...chosen }, timeoutMs: 600_000 }), all);
  };
  return {
    apiUrl: `http://127.0.0.1:${chosen['PORT']}`,
    mailUrl: `http://127.0.0.1:${chosen['MAIL_PORT']}`,
    compose,
    remove: async () => {
      await compose('down', '--volumes', '--timeout', '30', '--remove-orphans');
    },
  };
}
