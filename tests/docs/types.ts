import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import type { EditedFile } from './edits';
import type { Block } from './pages';

/** Of the files on disk: parsing them takes longer than checking a snippet. */
const parsed = new Map<string, ts.SourceFile>();

/** The type errors of TypeScript blocks, each as a module of its own in docs/, with the checkout's own settings. */
export const typeErrors = (blocks: readonly Block[]): string[] =>
  errorsIn(blocks.map((block, index) => ({ block, file: `docs/snippet-${index}.ts`, content: moduleOf(block) })));

/**
 * The type errors of modules that are not on disk, or are otherwise there, as `page:line` of their blocks. The last one
 * counts of several that are one file.
 */
export function errorsIn(files: readonly EditedFile[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')).config,
    ts.sys,
    '.',
  );
  if (files.length === 0) return [];
  const modules = new Map(files.map((edited) => [resolve(edited.file), edited]));
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.fileExists = (path) => modules.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => modules.get(path)?.content ?? ts.sys.readFile(path);
  host.getSourceFile = (path, ...more) => {
    if (modules.has(path)) return parse(path, ...more);
    const source = parsed.get(path) ?? parse(path, ...more);
    if (source) parsed.set(path, source);
    return source;
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([path, { block }]) => {
    const source = program.getSourceFile(path);
    const found = source ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)] : [];
    return found.map(
      ({ messageText }) => `${block.page}:${block.line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
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
