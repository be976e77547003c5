import { type Place } from './places';

/** Fish has no other escapes between single quotes. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The script for fish. */
export function fishScript(program: string, places: readonly Place[]): string {
  const commands = places.filter(({ at }) => at !== '').map(({ at }) => quoted(at));
  const lines = places.flatMap(({ at, words, options }) =>
    words.map(({ word, what }) => {
      const when = `complete -c ${program} -n ${quoted(`__${program}_at ${quoted(at)}`)} -d ${quoted(what)}`;
      if (!word.startsWith('--')) return `${when} -a ${quoted(word)}`;
      const option = options.find(({ long }) => long === word);
      return `${when} -l ${word.slice(2)}${option ? valueFlags(option.values) : ''}`;
    }),
  );
  return `# fish completion of ${program}: ${program} completion fish | source
function __${program}_at
  set -l at ''
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${commands.join(' \\\n        ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c ${program} -f
${lines.join('\n')}
`;
}

const valueFlags = (values: Place['options'][number]['values']): string =>
  values === 'any' ? ' -x' : values === 'file' ? ' -r -F' : ` -x -a ${quoted(values.join(' '))}`;
