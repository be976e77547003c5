import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { namespace } from '../../lib/config/namespace';
import { sourceFiles } from '../source-files';

const rules = readFileSync('infra/helm/sagaworks/files/rules.yaml', 'utf8');
const code = sourceFiles()
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')
  .replaceAll('${namespace}_', `${namespace}_`);

/** Names in expressions with an underscore: functions and labels have none. */
const metrics = [...rules.matchAll(/^ +expr: (.*)$/gm)].flatMap(
  ([, expr = '']) => expr.match(/[a-z]+(_[a-z]+)+/g) ?? [],
);

test.each([...new Set(metrics)])('the metric %s of an alert is one that a process has', (metric) => {
  expect(code.includes(`'${metric}'`) || code.includes(`\`${metric}\``)).toBe(true);
});
