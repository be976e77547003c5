import { join } from 'node:path';
import { searchAttributes } from '../../../contracts/saga/order';
import { privateFolder } from '../private-folder';
import { startSystem, type NativeContext } from './system';
import { ensureTemporal } from './temporal-install';

/** Starts Temporal's development server with its Web UI; everything is kept in one SQLite file. */
export async function startTemporal(context: NativeContext): Promise<void> {
  const { directory, tools, ports, ephemeral, steps } = context;
  const command = await ensureTemporal(tools, steps);
  const folder = privateFolder(join(directory, 'temporal'));
  const where = ephemeral.includes('temporal') ? 'in memory' : 'SQLite';
  await steps.step(`Temporal (${where}) on port ${ports.temporal}, Web UI ${ports.temporalUi}`, () =>
    startSystem('temporal', context, {
      command,
      args: serverArguments(context, join(folder, 'temporal.db')),
      // Nothing of the caller's: TEMPORAL_* variables and ~/.config/temporalio would change what is started.
      env: { PATH: process.env['PATH'], HOME: folder },
    }),
  );
}

function serverArguments({ ports, ephemeral }: NativeContext, file: string): string[] {
  // Tests make a namespace each, and would wait two seconds until the server knows it.
  const manyNamespaces = ['--dynamic-config-value', 'system.namespaceCacheRefreshInterval="200ms"'];
  // Durable enough for a crash of the process; the defaults write to disk several times a step.
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(ports.temporal), '--ui-port', String(ports.temporalUi)],
    ...(ephemeral.includes('temporal') ? manyNamespaces : ['--db-filename', file, ...pragmas]),
    // By default a follow-up task waits up to 50 ms for its turn: twenty loads of the queue a second.
    ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=1000'],
    // By default all search attributes are read anew for each workflow. What is named here is known from the start.
    ...['--dynamic-config-value', 'system.forceSearchAttributesCacheRefreshOnRead=false'],
    ...Object.values(searchAttributes).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
  ];
}
