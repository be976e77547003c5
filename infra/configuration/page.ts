import { table } from '../authorization/page';
import { commandVariables, derivedVariables, type FurtherVariable } from './further';
import type { Setting, SettingGroup } from './settings';

/** docs/configuration.md: every variable, from the declarations of the settings. */
export const configurationPage = (groups: readonly SettingGroup[]): string => `# Configuration

Every setting is an environment variable. This page is written by \`npm run docs:configuration\` from the declarations of the
settings and the comments at them, together with [\`.env.example\`](../.env.example); \`npm run check\` fails when one of
them is out of date.

A process reads its settings once, before anything starts. If they are not valid, it prints every problem and ends with 78. An empty
variable counts as not set. A setting that is not one of its roles' is not needed, but must be valid where it is set.

In the column _read by_, \`api\` stands for every process that serves an API (the role \`api\`, or a service with all its parts), and so
do the other roles.

A setting marked 🔑 is a secret: it is also read from the file that \`<NAME>_FILE\` names, or from the file of its name in
\`SECRETS_DIRECTORY\`, and may be [replaced while the process runs](how-to/rotate-secrets.md).

## For each service

\`<DATABASE>\` is the name of a service, of \`bridge\`, or of a further database that a module declares (\`gateway\`), and \`<SERVICE>\`
that of a service or \`bridge\`, each in capitals: \`ORDERS_DATABASE_URL\`. \`sagaworks secrets\` writes all of them.

${further(derivedVariables)}

${groups.map(section).join('\n\n')}

## Before the settings, and for commands

${further(commandVariables)}
`;

const section = ({ title, settings }: SettingGroup): string => `## ${title}

${table(
  ['variable', 'default', 'values', 'read by', 'meaning'],
  settings.map((setting) => [
    nameCell(setting),
    defaultCell(setting),
    cell(setting.allowed),
    cell(setting.readBy),
    cell(linked(setting.meaning)),
  ]),
)}`;

const further = (variables: readonly FurtherVariable[]): string =>
  table(
    ['variable', 'read by', 'meaning'],
    variables.map((one) => [nameCell(one), cell(one.readBy), cell(one.meaning)]),
  );

const nameCell = ({ name, isSecret = false }: { name: string; isSecret?: boolean }): string =>
  `\`${name}\`${isSecret ? ' 🔑' : ''}`;

const defaultCell = ({ isRequired, default: value }: Setting): string =>
  isRequired ? '_required_' : value === '' ? '' : cell(`\`${value}\``);

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A page that a comment names, as a link. */
const linked = (meaning: string): string =>
  meaning.replaceAll(
    /\bdocs\/([\w/-]+)\.md\b/g,
    (_, page: string) => `[${page.split('/').at(-1)?.replaceAll('-', ' ')}](${page}.md)`,
  );
