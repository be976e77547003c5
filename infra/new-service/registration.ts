import { serviceNames } from '../../workers/roles';
import type { Plan } from './plan';

/** A change to a file that is there: the text after which, or before which, something is put in. */
interface Insertion {
  path: string;
  before: string;
  text: string;
}

/** Where the platform learns of a new service: its name, its parts, its database in compose, its line in the list. */
export const insertionsOf = ({ name, types }: Plan): Insertion[] => [
  { path: 'workers/roles.ts', before: '] as const;\nexport type ServiceName', text: `  '${name}',\n` },
  {
    path: 'workers/services/index.ts',
    before: importAfter(name),
    text: `import { ${name}Service } from './${name}';\n`,
  },
  { path: 'workers/services/index.ts', before: '];\n', text: `  ${name}Service,\n` },
  { path: 'infra/postgres/databases.sh', before: 'bridge gateway; do', text: `${name} ` },
  {
    path: 'services/README.md',
    before: '\n`notifications` writes to customers',
    text: `| \`${name}\` | what follows from ${types.join(', ')}; it only listens |\n`,
  },
];

/** Imports stand in the order of the alphabet. */
function importAfter(name: string): string {
  const next = [...serviceNames].sort().find((other) => other > name);
  return next ? `import { ${next}Service }` : '\n/** Every service of the platform. */';
}

/** @throws Error when the file is no longer what it was when this was written. */
export function insert(content: string, { path, before, text }: Insertion): string {
  const at = content.indexOf(before);
  if (at < 0 || content.includes(before, at + 1)) {
    throw new Error(`${path} has changed: put this in by hand\n${text}`);
  }
  return content.slice(0, at) + text + content.slice(at);
}
