/** How a command can end, by name. The names are also the codes of errors in JSON. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Nothing matched the ids or filters, so nothing was done. */
  'no-match': 2,
  /** What was compared differs. The comparison itself succeeded, so this is never the code of an error. */
  different: 2,
  /** Stopped before the end: it failed again, or only a part could be done. */
  stopped: 3,
  /** EX_USAGE of sysexits. */
  usage: 64,
  /** EX_UNAVAILABLE: the platform or a system that the command needs does not answer. */
  unavailable: 69,
  /** EX_CONFIG: `run` refuses its environment variables. */
  configuration: 78,
} as const;

export type ExitName = keyof typeof exitCodes;

/** What the help says of each code. */
export const exitCodeTexts: readonly (readonly [number, string])[] = [
  [exitCodes.done, 'done'],
  [exitCodes.failed, 'failed'],
  [exitCodes['no-match'], 'nothing matched, or a difference'],
  [exitCodes.stopped, 'stopped before the end'],
  [exitCodes.usage, 'wrong arguments'],
  [exitCodes.unavailable, 'the platform or a system it needs is unavailable'],
  [exitCodes.configuration, 'invalid configuration (run)'],
];
