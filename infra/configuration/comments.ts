import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The documentation comment of each property of a source file that is named like a setting, on one line. */
export function commentsIn(file: string): Map<string, string> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const name = node.name.getText(source);
      const comment = commentOf(node);
      if (/^[A-Z][A-Z0-9_]+$/.test(name) && comment !== '') found.set(name, comment);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? '').replaceAll(/\s+/g, ' ').trim();
}
