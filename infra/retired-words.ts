import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { sourceFiles } from './source-files';

/** What `docs/glossary.md` says of words that are no longer used. */
export interface Glossary {
  /** For each retired word what is used instead. */
  retired: ReadonlyMap<string, string>;
  /** Names that stay although they contain a retired word, because something stored has them. */
  kept: ReadonlySet<string>;
}

/** A retired word in a name. */
export interface RetiredName {
  /** 0 for the name of the file itself. */
  line: number;
  name: string;
  word: string;
}

/**
 * Reads the tables under "Retired words" and "Stored names that stay".
 * @throws Error when one of them is missing: then the check would find nothing.
 */
export function readGlossary(text: string): Glossary {
  const retired = rowsOf(text, 'Retired words').flatMap(([words = '', instead = '']) =>
    words.split(',').map((word) => [word.trim().toLowerCase(), instead] as const),
  );
  const kept = rowsOf(text, 'Stored names that stay').flatMap(([names = '']) => names.match(/[\w./-]+/g) ?? []);
  return { retired: new Map(retired), kept: new Set(kept) };
}

function rowsOf(text: string, title: string): string[][] {
  const [, section] = text.split(new RegExp(`^## ${title}$`, 'm'));
  if (section === undefined) throw new Error(`docs/glossary.md has no section "${title}"`);
  const [own = ''] = section.split(/^## /m);
  const rows = own
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.replaceAll('`', '').trim()));
  // The first two are the head and the line below it.
  return rows.slice(2);
}

/** The retired words in the names that a source file declares, and in its own; comments and texts are prose. */
export function retiredNames(path: string, source: string, glossary: Glossary): RetiredName[] {
  const names = [{ line: 0, name: path }, ...declaredNames(path, source)];
  return names.flatMap(({ line, name }) => {
    const word = glossary.kept.has(name) ? undefined : retiredWord(name, glossary);
    return word === undefined ? [] : [{ line, name, word }];
  });
}

/** A word that its replacement contains, such as "letter" in "dead letter", is retired only where it stands without it. */
function retiredWord(name: string, { retired }: Glossary): string | undefined {
  const words = wordsOf(name);
  return words.find((word, index) => {
    const instead = retired.get(word);
    if (instead === undefined) return false;
    const before = words[index - 1];
    return before === undefined || !instead.toLowerCase().includes(`${before} ${word}`);
  });
}

/** `deadLetters`, `dead-letters/`, `DEAD_LETTERS`: each is "dead" and "letter". */
const wordsOf = (name: string): string[] =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => singular(word.toLowerCase()));

const singular = (word: string): string => (/[^s]s$/.test(word) ? word.replace(/(?<=(ss|sh|ch|x))es$|s$/, '') : word);

/** Where a name is declared, not where it is used: it is reported once, and what a library calls its own is not. */
function declaredNames(path: string, source: string): { line: number; name: string }[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: { line: number; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    const name = declares(node);
    if (name) found.push({ line: file.getLineAndCharacterOfPosition(name.getStart()).line + 1, name: name.text });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The name that a node gives to something. One that is imported or taken out of an object was given elsewhere. */
function declares(node: ts.Node): ts.Identifier | ts.PrivateIdentifier | undefined {
  const { name } = node as { name?: ts.Node };
  if (!name || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return undefined;
  if (ts.isPropertyAccessExpression(node) || ts.isShorthandPropertyAssignment(node)) return undefined;
  if ((ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) && !node.propertyName) return undefined;
  return ts.isBindingElement(node) && !node.propertyName && ts.isObjectBindingPattern(node.parent) ? undefined : name;
}

/** Searches names of source files and in them. @throws Error that names each, with its file, line and what to use. */
export function refuseRetiredWords(
  directory = '.',
  glossary = readGlossary(readFileSync('docs/glossary.md', 'utf8')),
): void {
  const files = sourceFiles(directory).filter((path) => /\.(ts|js|cjs|mjs)$/.test(path));
  const found = files.flatMap((path) =>
    retiredNames(path, readFileSync(path, 'utf8'), glossary).map(({ line, name, word }) => {
      const place = line === 0 ? path : `${path}:${line}`;
      return `${place}: ${line === 0 ? 'its name' : name} has "${word}"; instead: ${glossary.retired.get(word) ?? ''}`;
    }),
  );
  if (found.length > 0) throw new Error(`Retired words (docs/glossary.md) in names:\n${found.join('\n')}`);
}
