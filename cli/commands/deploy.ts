import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { wholeNumber } from '../options';

export const deploy = (): CliCommand =>
  new CliCommand('deploy', 'Check this build against the live system; promote a worker build')
    .addCommand(
      new CliCommand(
        'check',
        'Check this build against running sagas, queued messages and stored events (exit code 1: incompatible)',
      )
        .option('--sample <streams>', 'how many streams of each log to read', wholeNumber(0, 100_000), 200)
        .option('--workflows <path>', 'the workflows to replay histories with (default: those of this build)')
        .example('deploy check')
        .example('deploy check --sample 5000 --json')
        .runs(() => actions.deploy.check),
    )
    .addCommand(
      new CliCommand('promote', 'Make a worker build the current version: new and open sagas go on there')
        .argument('<buildId>', 'the WORKER_BUILD_ID of workers that are running')
        .example('deploy promote 2026-11-23.1')
        .runs(() => actions.deploy.promote),
    );
