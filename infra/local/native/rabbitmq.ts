import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../commands';
import { freePorts } from '../ports';
import { privateFolder } from '../private-folder';
import { startDaemon } from '../processes';
import { logFileOf, pidFile, startSystem, type NativeContext } from './system';
import { ensureRabbitmq } from './rabbitmq-install';

/** Starts a private RabbitMQ node: its own data, cookie, configuration and name service, all on loopback. */
export async function startRabbitmq(context: NativeContext): Promise<void> {
  const { directory, ports, steps } = context;
  const command = await ensureRabbitmq(steps);
  await steps.step(`RabbitMQ on port ${ports.rabbitmq}, management ${ports.rabbitmqManagement}`, async () => {
    const [distribution = 0, epmd = 0] = await freePorts([0, 0]);
    const env = environmentFor(writeConfiguration(context), { distribution, epmd });
    await startNameService(directory, env);
    await startSystem('rabbitmq', context, { command, args: [], env });
  });
}

/** Erlang's epmd: on a port of its own, so that neither another node is in the way nor anything is left running. */
async function startNameService(directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const command = findProgram(['epmd']);
  if (!command) return; // The node starts the one that comes with Erlang.
  await startDaemon({
    command,
    args: [],
    env,
    logFile: logFileOf(directory, 'epmd'),
    pidFile: pidFile(directory, 'epmd'),
  });
}

interface Configuration {
  folder: string;
  config: string;
  plugins: string;
  none: string;
}

function writeConfiguration({ directory, ports, brokerSettings = [] }: NativeContext): Configuration {
  const folder = privateFolder(join(directory, 'rabbitmq'));
  mkdirSync(join(folder, 'home'), { recursive: true });
  const write = (name: string, lines: string[]): string => {
    const file = join(folder, name);
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  };
  return {
    folder,
    plugins: write('enabled_plugins', ['[rabbitmq_management].']),
    none: write('none.conf', ['']),
    config: write('rabbitmq.conf', [
      `listeners.tcp.1 = 127.0.0.1:${ports.rabbitmq}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${ports.rabbitmqManagement}`,
      // A laptop's disk is often nearly full, and the broker would block every publisher below its default.
      'disk_free_limit.absolute = 50MB',
      ...brokerSettings,
    ]),
  };
}

function environmentFor(files: Configuration, ports: { distribution: number; epmd: number }): NodeJS.ProcessEnv {
  const { folder, config, plugins, none } = files;
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    // The Erlang cookie lives at home.
    HOME: join(folder, 'home'),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_CRASH_DUMP: join(folder, 'erl_crash.dump'),
    RABBITMQ_NODENAME: 'sagaworks@localhost',
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    // Nothing of the machine's own broker: no settings in /etc/rabbitmq.
    RABBITMQ_CONF_ENV_FILE: none,
    RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
  };
}
