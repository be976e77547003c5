import { readFileSync, readdirSync } from 'node:fs';
import type { Stack } from '../infra/local/stack';

/** The processes of a running platform, by what they are. */
export type Group = 'application' | 'Temporal' | 'PostgreSQL' | 'RabbitMQ' | 'mail';

/** What a group of processes has used so far. */
export interface Used {
  /** Processor time since they were started, in ms. */
  cpuMs: number;
  /** Resident memory, in MiB; shared pages count once for each process. */
  MiB: number;
}

/** The unit of times in `/proc`; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

const programs: readonly [Group, RegExp][] = [
  ['PostgreSQL', /postgres -D /],
  ['RabbitMQ', /beam\.smp|rabbitmq-server/],
  ['Temporal', /temporal server/],
  ['mail', /maildev/],
];

/**
 * Reads what a platform's processes have used, from `/proc`: the application by its process ids, the native stack's servers
 * by its directory, which stands in their command lines, and everything that these have started.
 */
export function readUsed(application: readonly number[], directory: string): Record<Group, Used> {
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap(readProcess);
  const treeOf = (root: Process): Process[] => [
    root,
    ...running.filter(({ parent }) => parent === root.id).flatMap(treeOf),
  ];
  const rootsOf = (pattern: RegExp): Process[] => {
    const own = running.filter(({ command }) => pattern.test(command) && command.includes(directory));
    return own.filter(({ parent }) => !own.some(({ id }) => id === parent));
  };
  const sum = (roots: readonly Process[]): Used => {
    const all = roots.flatMap(treeOf);
    return { cpuMs: total(all.map(({ cpuMs }) => cpuMs)), MiB: Math.round(total(all.map(({ MiB }) => MiB))) };
  };
  const servers = programs.map(([group, pattern]) => [group, sum(rootsOf(pattern))] as const);
  const own = running.filter(({ id }) => application.includes(id));
  return Object.fromEntries([['application', sum(own)], ...servers]) as Record<Group, Used>;
}

interface Process extends Used {
  id: number;
  parent: number;
  command: string;
}

/** One process; none when it has ended meanwhile. */
function readProcess(id: number): Process[] {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, ownTicks, waitedFor] = [fields[1], fields.slice(11, 13), fields.slice(13, 15)];
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? '0';
    const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // The time of children that have ended is with their parent.
    const cpuMs = (total([...ownTicks, ...waitedFor]) * 1_000) / ticksPerSecond;
    return [{ id, parent, command, cpuMs, MiB: Number(rss) / 1_024 }];
  } catch {
    return [];
  }
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Whether processes can be told apart: where servers run in containers, they are not ours to read. */
export const canBeRead = ({ kind }: Pick<Stack, 'kind'>): boolean => kind === 'native' && process.platform === 'linux';
