import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

interface LogLine {
  level: string;
  time: string;
  msg?: string;
  reason?: string;
  err?: { message?: string };
}

/** A warning is not repeated within this time. */
const quietMs = 30_000;

/**
 * Prints the application's warnings from now on, a line each: its log is a file that is not watched.
 * Gives back how to end that.
 */
export function showWarnings(logFile: string, print: (line: string) => void): () => void {
  const file = openSync(logFile, 'r');
  const lines = createLineReader(file);
  const shownAt = new Map<string, number>();
  const timer = setInterval(() => {
    for (const text of lines()) {
      const line = describeWarning(text);
      // "Retried 6 times" and "retried 7 times" are the same.
      const kind = line?.what.replace(/\d+/g, '0') ?? '';
      if (line === undefined || Date.now() - (shownAt.get(kind) ?? 0) < quietMs) continue;
      shownAt.set(kind, Date.now());
      print(`  ! ${line.at}  ${line.what}`);
    }
  }, 500);
  timer.unref();
  return () => {
    clearInterval(timer);
    closeSync(file);
  };
}

/** Whole lines that a file has gained since it was asked last. */
function createLineReader(file: number): () => string[] {
  const chunk = Buffer.alloc(256 * 1024);
  let position = fstatSync(file).size;
  let rest = '';
  return () => {
    const length = readSync(file, chunk, 0, chunk.length, position);
    position += length;
    const lines = (rest + chunk.toString('utf8', 0, length)).split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}

/** A log line in words, if it is worth showing. */
function describeWarning(text: string): { at: string; what: string } | undefined {
  // By far the most lines: not even parsed.
  if (text.startsWith('{"level":"info"')) return undefined;
  try {
    const { level, time, msg = '', reason, err } = JSON.parse(text) as LogLine;
    if (!['warn', 'error', 'fatal'].includes(level)) return undefined;
    const because = reason ?? err?.message;
    return { at: time.slice(11, 19), what: `${level.padEnd(5)} ${msg}${because ? `: ${because}` : ''}` };
  } catch {
    return undefined; // Cut off by a crash.
  }
}
