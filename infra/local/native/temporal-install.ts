import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../commands';
import { UserError, type Steps } from '../steps';
import { fetchTemporal, ways as allWays, type Way } from './temporal-download';

/**
 * The `temporal` program: the one on PATH, else the one in `tools`, else it is put there.
 * @param path where programs are looked for.
 * @param ways how to get it, tried in this order.
 * @throws UserError with what failed on each way.
 */
export async function ensureTemporal(
  tools: string,
  steps: Steps,
  path = process.env['PATH'] ?? '',
  ways: readonly Way[] = allWays,
): Promise<string> {
  const kept = join(tools, 'temporal');
  const found = findProgram(['temporal'], path) ?? findProgram([kept]);
  if (found) return found;
  mkdirSync(tools, { recursive: true });
  const failures: string[] = [];
  for (const way of ways) {
    try {
      await steps.step(`Temporal: ${way.title}`, () => fetchTemporal(way, tools, kept));
      return kept;
    } catch (error) {
      failures.push(`${way.title}: ${reasonOf(error)}`);
    }
  }
  throw new UserError(['Temporal is not installed on this machine, and could not be.', ...failures].join('\n'), fix);
}

const fix =
  process.platform === 'darwin'
    ? 'brew install temporal; or name a server in TEMPORAL_ADDRESS'
    : 'sudo apt-get install -y python3-pip, then the same command again; or name a server in TEMPORAL_ADDRESS';

/** Of a failed download the cause says more than "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
