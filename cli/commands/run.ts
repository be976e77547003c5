import { runPlatform } from '../../workers/main';
import { isRole, roles } from '../../workers/modules/roles';
import { UsageError, type Command } from '../command';
import { processEnvironment } from '../environment';

export const run: Command = {
  usage: '<role…>',
  summary: `Run a process with the settings of the environment, or else of the local stack: ${roles.join(', ')}`,
  async run(args) {
    const unknown = args.find((word) => !isRole(word));
    if (unknown !== undefined) throw new UsageError(`There is no role "${unknown}"; there are ${roles.join(', ')}`);
    if (args.length === 0) throw new UsageError(`Name one role or more: ${roles.join(', ')}`);
    const { env, note } = processEnvironment(process.env);
    if (note) process.stderr.write(`${note}\n`);
    const platform = await runPlatform(env, args);
    platform.stopOnSignals();
    // Whoever started it as a child learns that it is ready, and where.
    process.send?.({ port: platform.port });
    // A parent that died can't stop its child any more.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  },
};
