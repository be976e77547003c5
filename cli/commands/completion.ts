import { Argument } from 'commander';
import { CliCommand } from '../cli-command';
import { isShell, scripts } from '../completion/scripts';
import { describeCommand } from '../description';
import { UsageError } from '../failures';
import { print, type OutputOptions } from '../output';

export const completion = (): CliCommand =>
  new CliCommand('completion', 'Print a script that completes commands, options and values in your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .note(
      'Load it with: source <(sagaworks completion bash), the same with zsh, or sagaworks completion fish | source. ' +
        'It completes the word sagaworks; in a checkout make that an alias of "npm run --silent sagaworks --".',
    )
    .example('completion bash > ~/.local/share/bash-completion/completions/sagaworks')
    .example('completion fish > ~/.config/fish/completions/sagaworks.fish')
    .runs(() => printScript);

function printScript(shell: string, options: OutputOptions, { parent: program }: CliCommand): Promise<void> {
  if (!program || !isShell(shell)) throw new UsageError(`There is no script for ${shell}`);
  const script = scripts[shell](describeCommand(program));
  print({ shell, script }, options, () => script.trimEnd());
  return Promise.resolve();
}
