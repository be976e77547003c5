import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `import`, `export … from`, `require` and `require.resolve`; what is imported as a type only is gone when a test runs. */
const statements = [
  /^\s*(?:import|export)\s(?!type\b)[^;'"]*?from\s+'([^']+)'/gm,
  /^\s*import\s+'([^']+)'/gm,
  /\b(?:import|require|require\.resolve)\(\s*'([^']+)'/g,
];

/**
 * Finds what a file imports, directly and through others, without running any of it. The result holds for each file
 * (a path) and each package (its specifier) the file that imports it.
 */
export function importsOf(file: string): ReadonlyMap<string, string> {
  const importers = new Map<string, string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const found of directImports(next)) {
      if (importers.has(found)) continue;
      importers.set(found, next);
      if (found.endsWith('.ts')) open.push(found);
    }
  }
  return importers;
}

const known = new Map<string, readonly string[]>();

function directImports(file: string): readonly string[] {
  const before = known.get(file);
  if (before) return before;
  const source = readFileSync(file, 'utf8');
  const specifiers = statements.flatMap((statement) => [...source.matchAll(statement)].map(([, name = '']) => name));
  const found = specifiers.map((specifier) => resolveFrom(file, specifier));
  known.set(file, found);
  return found;
}

/** A package is itself; a file of this checkout is its path. */
function resolveFrom(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = join(dirname(file), specifier);
  return [`${path}.ts`, join(path, 'index.ts')].find((candidate) => existsSync(candidate)) ?? path;
}
