import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { secretNames } from '../../lib/config/secret';
import { platformSettings } from '../../workers/config/config';
import { identitySettings } from '../../workers/config/identity';
import { limitSettings } from '../../workers/config/limits';
import { transportSettings } from '../../workers/config/transport';
import { services } from '../../workers/modules/discover';
import { sagaSettings } from '../../workers/bridge/policy';
import { reconciliationSettings } from '../../workers/reconciliation/settings';
import { sourceFiles } from '../source-files';
import { commentsIn } from './comments';
import { readBy } from './read-by';
import { valuesOf, type Values } from './values';

/** A setting, as the reference shows it. */
export interface Setting extends Values {
  name: string;
  meaning: string;
  isSecret: boolean;
  readBy: string;
}

/** Settings that stand together. */
export interface SettingGroup {
  title: string;
  settings: Setting[];
}

const groups: readonly (readonly [title: string, shape: z.ZodRawShape])[] = [
  ['Who may call the API', identitySettings],
  ['Limits', limitSettings],
  ['Sagas', sagaSettings],
  ['Reconciliation', reconciliationSettings],
  ['TLS and proxies', transportSettings],
];

/** All settings that have a name of their own. @throws Error that names every one without a documentation comment. */
export function describeSettings(): SettingGroup[] {
  const grouped = new Set(groups.flatMap(([, shape]) => Object.keys(shape)));
  const others = Object.entries(platformSettings).filter(([name]) => !grouped.has(name));
  const platform = [['Systems and process', Object.fromEntries(others) as z.ZodRawShape] as const, ...groups];
  const comments = allComments();
  const described = [
    ...platform.map(([title, shape]) => group(title, shape, comments, (name) => readBy[name as keyof typeof readBy])),
    group('Services', serviceSettings(), comments, readersOf),
  ];
  const silent = described.flatMap(({ settings }) => settings.filter(({ meaning }) => meaning === ''));
  if (silent.length > 0)
    throw new Error(silent.map(({ name }) => `${name}: say in a comment at its declaration what it means`).join('\n'));
  return described;
}

function group(
  title: string,
  shape: z.ZodRawShape,
  comments: ReadonlyMap<string, string>,
  readers: (name: string) => string,
): SettingGroup {
  const secrets = new Set(secretNames(shape));
  const settings = Object.entries(shape).map(([name, schema]) => ({
    name,
    meaning: comments.get(name) ?? '',
    isSecret: secrets.has(name),
    readBy: readers(name),
    ...valuesOf(schema),
  }));
  return { title, settings };
}

const serviceSettings = (): z.ZodRawShape =>
  Object.assign({}, ...services.map(({ settings }) => settings)) as z.ZodRawShape;

const readersOf = (setting: string): string =>
  `processes of ${services
    .filter(({ settings }) => setting in settings)
    .map(({ name }) => `\`${name}\``)
    .join(', ')}`;

/** From the files in which settings are declared. */
const allComments = (): Map<string, string> =>
  new Map(
    ['contracts', 'services', 'workers']
      .flatMap((folder) => sourceFiles(folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) => /^ {2,4}[A-Z][A-Z0-9_]+(:|,)/m.test(readFileSync(file, 'utf8')))
      .flatMap((file) => [...commentsIn(file)]),
  );
