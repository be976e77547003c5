import { Help, type Command } from 'commander';
import { exitCodeTexts } from './exit-codes';

/** Narrower than this beside its term, a description stands below it. */
const narrowest = 36;

/** The help texts: plain, without colour, and wrapped to the width of the terminal. */
export class PlainHelp extends Help {
  override minWidthToWrap = 20;

  /** `examples` are of the command. */
  constructor(private readonly examples: readonly string[]) {
    super();
  }

  private get width(): number {
    return this.helpWidth ?? 80;
  }

  override formatHelp(command: Command, helper: Help): string {
    const examples = this.examples.map((line) => wrapCommand(line, this.width - 2).replaceAll(/^/gm, '  '));
    const codes = exitCodeTexts.map(([code, meaning]) => `${code} ${meaning}`).join('; ');
    return [
      super.formatHelp(command, helper).trimEnd(),
      ...(examples.length > 0 ? ['', 'Examples:', ...examples] : []),
      '',
      this.boxWrap(`Exit codes: ${codes}.`, this.width),
      '',
    ].join('\n');
  }

  override commandUsage(command: Command): string {
    const indent = 'Usage: '.length;
    return indented(this.boxWrap(super.commandUsage(command), this.width - indent), indent);
  }

  override subcommandTerm(command: Command): string {
    return super.subcommandTerm(command).replace(' [options]', '');
  }

  override formatItem(term: string, termWidth: number, description: string): string {
    const beside = this.width - termWidth - 4;
    if (beside >= narrowest)
      return `  ${term.padEnd(termWidth)}  ${indented(this.boxWrap(description, beside), termWidth + 4)}`;
    return `  ${term}\n      ${indented(this.boxWrap(description, this.width - 6), 6)}`;
  }
}

const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);

/** Breaks a command so that it can still be pasted into a shell; a quoted word stays whole. */
function wrapCommand(line: string, width: number): string {
  const lines: string[] = [];
  for (const word of line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []) {
    const last = lines.at(-1);
    // Room for the space before the word, and for " \" after it.
    if (last !== undefined && last.length + word.length + 3 <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines.join(' \\\n');
}
