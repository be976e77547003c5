import { findProgram, runCommand } from '../local/commands';

const chart = 'infra/helm/sagaworks';
const examples = ['smallest', 'production', 'keda', 'temporal-cloud', 'everything-in-cluster'];

/** What is rendered, and from which values. */
const renderings: readonly { file: string; values: readonly string[] }[] = [
  ...examples.map((name) => ({
    file: `infra/helm/examples/rendered/${name}.yaml`,
    values: name === 'keda' ? ['production', 'keda'] : [name],
  })),
  { file: 'infra/kubernetes/sagaworks.yaml', values: ['../../kubernetes/values'] },
];

/** Whether Helm is here: without it nothing can be rendered, nor compared. */
export const hasHelm = (): boolean => findProgram(['helm']) !== undefined;

/** The rendered examples, by path. @throws Error with what Helm says. */
export async function renderedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { file, values } of renderings) {
    const named = values.flatMap((name) => ['--values', `infra/helm/examples/${name}.yaml`]);
    const { ok, out, all } = await runCommand('helm', ['template', 'sagaworks', chart, '-n', 'sagaworks', ...named]);
    if (!ok) throw new Error(`${file}: ${all}`);
    files.set(file, rendered(out, values));
  }
  return files;
}

/** "generated", in base64. */
const placeholder = 'Z2VuZXJhdGVk';

/** Without the secrets, which are others each time, and without Helm's hooks where there is no Helm. */
function rendered(text: string, values: readonly string[]): string {
  const documents = text
    .split(/^---$/m)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => (/^kind: Secret$/m.test(one) ? one.replace(/^( {2}\w+): \S{12,}$/gm, `$1: ${placeholder}`) : one))
    .filter((one) => !/helm\.sh\/hook: (test|pre-upgrade)$/m.test(one) || !values[0]?.includes('kubernetes'));
  const header = `# Rendered with ${values.map((name) => `${name}.yaml`).join(' and ')}: npm run chart:generate`;
  return `${[header, ...documents].join('\n---\n')}\n`;
}
