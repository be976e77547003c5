import { commandVariables, derivedVariables, type FurtherVariable } from './further';
import type { Setting, SettingGroup } from './settings';

/** .env.example: every variable with its default, as a comment that can be made a setting. */
export const envExample = (
  groups: readonly SettingGroup[],
): string => `# The settings of Sagaworks, written by "npm run docs:configuration". What they mean, and who reads them: docs/configuration.md
# Required are those without a "#", and for each service that a process runs its *_DATABASE_URL.

# --- For each service and database: ORDERS stands for its name ---
${derivedVariables.map(furtherLines).join('\n')}

${groups.map(section).join('\n\n')}

# --- Before the settings, and for commands ---
${commandVariables.map(furtherLines).join('\n')}
`;

const section = ({ title, settings }: SettingGroup): string =>
  `# --- ${title} ---\n${settings.map(settingLines).join('\n')}`;

const settingLines = ({ name, meaning, isRequired, default: value, allowed }: Setting): string =>
  `# ${meaning}${allowed === '' ? '' : ` (${allowed.replaceAll('`', '')})`}\n${isRequired ? '' : '#'}${name}=${quoted(value)}`;

const furtherLines = ({ name, meaning, example }: FurtherVariable): string =>
  `# ${plain(meaning)}\n#${example ?? `${name}=`}`;

/** Without the marks of Markdown. */
const plain = (text: string): string => text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');

/** As shells and `docker --env-file` both read it: neither needs quotes for these characters. */
const quoted = (value: string): string => (/^[\w@.,:/=-]*$/.test(value) ? value : `'${value}'`);
