import { quoted, type Place } from './places';

const replyWith = (values: Place['options'][number]['values']): string =>
  values === 'any'
    ? 'return'
    : values === 'file'
      ? '_files; return'
      : `compadd -- ${values.map(quoted).join(' ')}; return`;

const item = ({ word, what }: Place['words'][number]): string => quoted(`${word.replaceAll(':', '\\:')}:${what}`);

/** The script for zsh, to be sourced, or autoloaded as the file `_sagaworks`. */
export function zshScript(program: string, places: readonly Place[]): string {
  const commands = places.filter(({ at }) => at !== '').map(({ at }) => quoted(at));
  const values = places.flatMap(({ at, options }) =>
    options.map(({ long, values: known }) => `    (${quoted(`${at} ${long}`)}) ${replyWith(known)} ;;`),
  );
  const words = places.map(({ at, words: known }) => `    (${quoted(at)}) items=(${known.map(item).join(' ')}) ;;`);
  return `#compdef ${program}
# zsh completion of ${program}: source <(${program} completion zsh)
_${program}() {
  local at='' word prev=\${words[CURRENT - 1]}
  local -a items
  for word in \${words[2, CURRENT - 1]}; do
    case "$at $word" in
      (${commands.join('|\\\n      ')}) at="$at $word" ;;
    esac
  done
  case "$at $prev" in
${values.join('\n')}
  esac
  case $at in
${words.join('\n')}
  esac
  _describe ${program} items
}
if [[ \${funcstack[1]} == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}
