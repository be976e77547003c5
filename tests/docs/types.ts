import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import type { Block } from './pages';

/** The type errors of TypeScript blocks, each as a module of its own in docs/, with the checkout's own settings. */
export function typeErrors(blocks: readonly Block[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')).config,
    ts.sys,
    '.',
  );
  const modules = new Map(blocks.map((block, index) => [resolve(`docs/snippet-${index}.ts`), block]));
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => modules.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => {
    const block = modules.get(path);
    return block ? moduleOf(block) : ts.sys.readFile(path);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([path, { page, line }]) => {
    const source = program.getSourceFile(path);
    const found = source ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)] : [];
    return found.map(({ messageText }) => `${page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

const moduleOf = ({ frame, code }: Block): string => `${frame.replace('…', () => `\n${code}\n`)}\nexport {};\n`;

/** Whether a file has the lines of a block, one after the other, as they stand there. */
export const quotes = (file: string, { code }: Block): boolean =>
  plain(readFileSync(file, 'utf8')).includes(plain(code));

/** Without indentation and remarks: a block may be cut out of a deeper place, and explain a line. */
const plain = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/ \/\/ .*$/, '').trim())
    .filter(Boolean)
    .join('\n');
