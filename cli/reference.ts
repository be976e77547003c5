import { withSubcommands, type CommandDescription, type OptionDescription } from './description';
import { exitCodeTexts } from './exit-codes';
import { serviceNames } from './service-names';

/** The page docs/cli.md, from the commands themselves. */
export function reference(program: CommandDescription): string {
  const commands = withSubcommands(program).slice(1);
  return `# The command line

Written by \`npm run docs:cli\` from the commands in \`cli/commands/\`; a test compares the two. In a checkout
\`sagaworks\` stands for \`npm run sagaworks --\`. Commands find the platform through environment variables, or else through
what \`npm start\` has written into \`.sagaworks/\` of the folder where they are called.

Every command has \`--help\`; with \`--json\` it prints one JSON document on standard output, and every error as one JSON
object on standard error: \`{"error":{"code":"usage","message":"…","exitCode":64}}\`. Other lines on standard error are
then JSON as well: \`{"note":…}\`, \`{"progress":…}\`. What is printed can be piped into \`head\`.

| exit code | meaning |
| --- | --- |
${exitCodeTexts.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n')}

| command | |
| --- | --- |
${program.commands.map(({ path, summary }) => `| [${path}](#${anchor(path)}) | ${cell(summary)} |`).join('\n')}

${commands.map(section).join('\n\n')}
`;
}

/** As GitHub makes it of a heading. */
const anchor = (heading: string): string => heading.replaceAll(' ', '-');

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section(command: CommandDescription): string {
  const heading = command.path.split(' ').length === 2 ? '##' : '###';
  return [
    `${heading} ${command.path}`,
    command.description,
    `\`${command.usage}\``,
    ...table(
      command.arguments.map(({ name, isVariadic, isRequired, description, values }) => [
        `\`${name}${isVariadic ? '…' : ''}\``,
        sentence([description, isRequired ? '' : 'optional', valuesText(values)]),
      ]),
      'argument',
    ),
    ...table(command.options.filter(({ long }) => !everywhere.has(long)).map(optionRow), 'option'),
    ...(command.examples.length > 0
      ? [`\`\`\`sh {norun: "examples, with ids of no platform"}\n${command.examples.join('\n')}\n\`\`\``]
      : []),
  ].join('\n\n');
}

/** Said once, at the top of the page. */
const everywhere = new Set(['--help', '--json']);

const optionRow = (option: OptionDescription): [string, string] => [
  `\`${option.flags}\``,
  sentence([
    option.description,
    option.isRequired ? 'required' : '',
    valuesText(option.values),
    option.default === undefined ? '' : `default ${String(option.default)}`,
  ]),
];

/** The services are not named: the page stays as it is when one is added or removed. */
function valuesText(values: readonly string[] | undefined): string {
  if (!values) return '';
  const services = new Set(serviceNames());
  const others = values.filter((value) => !services.has(value)).map((value) => `\`${value}\``);
  if (others.length === 0) return '';
  return `one of ${others.join(', ')}${others.length < values.length ? ', or the name of a service' : ''}`;
}

const sentence = (parts: string[]): string => parts.filter(Boolean).join('; ');

const table = (rows: [string, string][], what: string): string[] =>
  rows.length === 0
    ? []
    : [
        [`| ${what} | |`, '| --- | --- |', ...rows.map(([name, text]) => `| ${cell(name)} | ${cell(text)} |`)].join(
          '\n',
        ),
      ];
