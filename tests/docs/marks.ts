import { blocksOf, readPage, proseOf, type Block, type Mark } from './pages';

/** Which marks a block may have, by its language. What has none is not code of ours: output, a drawing, an answer. */
const marks: Readonly<Record<string, readonly Mark['is'][] | 'none'>> = {
  sh: ['run', 'start', 'norun'],
  ts: ['check', 'from', 'new', 'norun'],
  diff: ['edit'],
  sql: ['norun'],
  python: ['from', 'norun'],
  nginx: ['norun'],
  text: 'none',
  json: 'none',
};

/** What is wrong with how a page marks its code: every command is run, every snippet checked, or says why not. */
export function unmarked(page: string, text = readPage(page)): string[] {
  return [...blocksOf(page, text).flatMap(wrongMark), ...indentedCode(page, text)];
}

function wrongMark({ page, line, language, mark, code }: Block): string[] {
  const at = `${page}:${line}`;
  const known = marks[language];
  if (known === undefined) return [`${at}: a block is one of ${Object.keys(marks).join(', ')}, not "${language}"`];
  if (known === 'none') {
    const isCommand = /^\s*(\$ )?(npm|npx|node|curl|sagaworks|docker) /m.test(code) && language === 'text';
    if (isCommand) return [`${at}: a command stands in a block of sh`];
    return mark ? [`${at}: a block of ${language} has no mark`] : [];
  }
  if (mark && known.includes(mark.is)) return [];
  return [`${at}: a block of ${language} says ${known.map((is) => `{${is}}`).join(' or ')}`];
}

/** Code by indentation has no place for a mark. */
function indentedCode(page: string, text: string): string[] {
  const lines = proseOf(text).split('\n');
  return lines.flatMap((line, index) => {
    const [before = ''] = lines.slice(index - 1, index);
    const [, indentation = ''] = /^( *)\S/.exec(line) ?? [];
    const item = lines.slice(0, index).findLast((one) => /^\s*([-*]|\d+\.) /.test(one) || /^\S/.test(one)) ?? '';
    const [content = ''] = /^\s*([-*]|\d+\.) +/.exec(item) ?? [];
    const isCode = before.trim() === '' && indentation.length >= content.length + 4;
    return isCode ? [`${page}:${index + 1}: code stands between fences, not indented`] : [];
  });
}
