import { quoted, type Place } from './places';

const replyWith = (values: Place['options'][number]['values']): string =>
  values === 'any'
    ? 'return'
    : values === 'file'
      ? `COMPREPLY=($(compgen -f -- "$cur")); return`
      : `words=${quoted(values.join(' '))}`;

/** The script for bash. It needs nothing but bash. */
export function bashScript(program: string, places: readonly Place[]): string {
  const commands = places.filter(({ at }) => at !== '').map(({ at }) => quoted(at));
  const values = places.flatMap(({ at, options }) =>
    options.map(({ long, values: known }) => `    ${quoted(`${at} ${long}`)}) ${replyWith(known)} ;;`),
  );
  const words = places.map(
    ({ at, words: known }) => `        ${quoted(at)}) words=${quoted(known.map(({ word }) => word).join(' '))} ;;`,
  );
  return `# bash completion of ${program}: source <(${program} completion bash)
_${program}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at='' words='' index
  # Bash splits --option=value at the equals sign.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$at \${COMP_WORDS[index]}" in
      ${commands.join(' | \\\n      ')})
        at="$at \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$at $prev" in
${values.join('\n')}
    *)
      case $at in
${words.join('\n')}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _${program} ${program}
`;
}
