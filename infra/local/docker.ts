import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { runCommand, type CommandResult } from './commands';
import type { Endpoints, System } from './systems';
import type { Ports } from './ports';
import { untilReady } from './health-checks';
import type { Secrets } from './secrets';
import type { Steps } from './steps';

/** A pull that takes longer is given up: natively all is there sooner. */
const pullMs = 180_000;

interface DockerContext {
  directory: string;
  ports: Ports;
  secrets: Secrets;
  endpoints: Endpoints;
  steps: Steps;
}

/** Why Docker cannot be used; undefined when it can. */
export async function dockerProblem(): Promise<string | undefined> {
  const [engine, compose] = await Promise.all([
    runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 5_000 }),
    runCommand('docker', ['compose', 'version'], { timeoutMs: 5_000 }),
  ]);
  if (!engine.ok) return 'no engine answers';
  return compose.ok ? undefined : 'it has no compose plugin';
}

/** Makes sure that the images are there; returns why they are not. */
export async function fetchImages(wanted: readonly System[], steps: Steps): Promise<string | undefined> {
  const { ok, out, tail } = await compose('sagaworks', ['config', '--images', ...wanted]);
  if (!ok) return `docker-compose.yml cannot be read: ${tail}`;
  const { ok: allThere } = await runCommand('docker', ['image', 'inspect', ...out.split('\n')]);
  if (allThere) return undefined;
  const pull = async (): Promise<void> => {
    const pulled = await compose('sagaworks', ['pull', '--quiet', ...wanted], {}, pullMs);
    if (!pulled.ok) throw new Error(pulled.tail);
  };
  return steps.step(`Docker: pull ${wanted.join(', ')}`, pull).then(
    () => undefined,
    () => 'its images cannot be pulled',
  );
}

/** Starts the wanted systems as containers, or takes those that still run. */
export async function startDocker(wanted: readonly System[], context: DockerContext): Promise<void> {
  const { directory, ports, secrets, endpoints, steps } = context;
  const never = new Promise<never>(() => undefined);
  await steps.step('Docker: start the containers', async () => {
    const { ok, tail } = await compose(projectOf(directory), ['up', '--detach', ...wanted], composeEnv(ports, secrets));
    if (!ok) throw new Error(`docker compose up failed:\n${tail}`);
  });
  // Asked by ourselves: compose looks at a health check every ten seconds only.
  await Promise.all(
    wanted.map((system) => steps.step(titles[system](ports), () => untilReady(system, endpoints, never))),
  );
}

const titles: Record<System, (ports: Ports) => string> = {
  postgres: ({ postgres }) => `PostgreSQL on port ${postgres}`,
  rabbitmq: ({ rabbitmq, rabbitmqManagement }) => `RabbitMQ on port ${rabbitmq}, management ${rabbitmqManagement}`,
  temporal: ({ temporal, temporalUi }) => `Temporal on port ${temporal}, Web UI ${temporalUi}`,
  mail: ({ smtp, mailWeb }) => `MailDev on port ${smtp}, inbox ${mailWeb}`,
};

/** Whether containers of the directory's stack run, left by a process that is gone. */
export async function dockerRuns(directory: string): Promise<boolean> {
  const { ok, out } = await compose(projectOf(directory), ['ps', '--quiet', '--status', 'running']);
  return ok && out !== '';
}

/** Stops the containers; their data stays, unless it is to go. */
export async function stopDocker(directory: string, data: 'keep' | 'delete'): Promise<void> {
  const volumes = data === 'delete' ? ['--volumes'] : [];
  const { ok, tail } = await compose(projectOf(directory), ['down', '--timeout', '20', ...volumes]);
  if (!ok) throw new Error(`docker compose down failed:\n${tail}`);
}

/** One project for each stack: the tests' containers and volumes are not those of `npm start`. */
const projectOf = (directory: string): string =>
  `sagaworks-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;

/** The variables of docker-compose.yml. */
function composeEnv(ports: Ports, secrets: Secrets): Record<string, string> {
  return {
    POSTGRES_PORT: String(ports.postgres),
    RABBITMQ_PORT: String(ports.rabbitmq),
    RABBITMQ_MANAGEMENT_PORT: String(ports.rabbitmqManagement),
    TEMPORAL_PORT: String(ports.temporal),
    TEMPORAL_UI_PORT: String(ports.temporalUi),
    SMTP_PORT: String(ports.smtp),
    MAIL_PORT: String(ports.mailWeb),
    POSTGRES_PASSWORD: secrets.postgres,
  };
}

const compose = (
  project: string,
  args: string[],
  env: Record<string, string> = {},
  timeoutMs = 300_000,
): Promise<CommandResult> => {
  const file = resolve(__dirname, '../../docker-compose.yml');
  return runCommand('docker', ['compose', '--file', file, '--project-name', project, ...args], {
    env: { ...process.env, ...env },
    timeoutMs,
  });
};
