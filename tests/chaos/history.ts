/** An event as its log has it. */
export interface Published {
  id: string;
  stream: string;
  version: number;
}

/** One effect: a row that a handler wrote in the transaction in which the event was marked as applied. */
export interface Applied extends Published {
  /** Place in the order in which effects were written. */
  seq: number;
  /** Whose effect it was. */
  subscription: string;
}

/** Who applied what: a projection owes every stream in order, a reaction every event once, in any order. */
export interface Observer {
  subscription: string;
  ordered: boolean;
}

/** What a history proves, or what it disproves. */
export interface Findings {
  published: number;
  applied: number;
  /** Published, and without an effect. */
  lost: number;
  /** Effects beyond the first of an event. */
  doubled: number;
  /** Effects that came after one of a later version of their stream. */
  outOfOrder: number;
  /** Effects of what no log has. */
  invented: number;
  /** Versions of a stream that are missing, or there twice, in the log itself. */
  brokenStreams: number;
  /** Each in words, the first few of each kind. */
  violations: string[];
}

const toldOfEachKind = 3;

/** Compares what the logs have with what each observer wrote: nothing lost, nothing twice, each stream in order. */
export function checkHistory(
  published: readonly Published[],
  applied: readonly Applied[],
  observers: readonly Observer[],
): Findings {
  const broken = brokenStreams(published);
  const perObserver = observers.map((observer) => {
    const own = applied.filter(({ subscription }) => subscription === observer.subscription);
    const found = compare(published, own);
    return { ...found, outOfOrder: observer.ordered ? overtaken(own) : [] };
  });
  const all = (kind: 'lost' | 'doubled' | 'outOfOrder' | 'invented'): string[] =>
    perObserver.flatMap((found) => found[kind]);
  const kinds = [all('lost'), all('doubled'), all('outOfOrder'), all('invented'), broken];
  const [lost = 0, doubled = 0, outOfOrder = 0, invented = 0] = kinds.map(({ length }) => length);
  return {
    published: published.length,
    applied: applied.length,
    lost,
    doubled,
    outOfOrder,
    invented,
    brokenStreams: broken.length,
    violations: kinds.flatMap((found) => found.slice(0, toldOfEachKind)),
  };
}

/** Whether nothing at all was found. */
export const isClean = ({ violations }: Findings): boolean => violations.length === 0;

function compare(published: readonly Published[], own: readonly Applied[]) {
  const known = new Set(published.map(({ id }) => id));
  const seen = new Set<string>();
  const doubled: string[] = [];
  const invented: string[] = [];
  for (const effect of own) {
    if (!known.has(effect.id)) invented.push(`invented: ${inWords(effect)} by ${effect.subscription}`);
    else if (seen.has(effect.id)) doubled.push(`doubled: ${inWords(effect)} by ${effect.subscription}`);
    seen.add(effect.id);
  }
  const lost = published.filter(({ id }) => !seen.has(id)).map((event) => `lost: ${inWords(event)}`);
  return { lost, doubled, invented };
}

function overtaken(own: readonly Applied[]): string[] {
  const reached = new Map<string, number>();
  const found: string[] = [];
  for (const effect of [...own].sort((a, b) => a.seq - b.seq)) {
    const before = reached.get(effect.stream) ?? 0;
    if (effect.version < before) found.push(`out of order: ${inWords(effect)} after version ${before}`);
    reached.set(effect.stream, Math.max(before, effect.version));
  }
  return found;
}

/** A log whose versions are not 1, 2, 3 … would excuse any consumer. */
function brokenStreams(published: readonly Published[]): string[] {
  const versions = new Map<string, number[]>();
  for (const { stream, version } of published) {
    const found = versions.get(stream) ?? [];
    found.push(version);
    versions.set(stream, found);
  }
  return Array.from(versions)
    .filter(([, found]) => found.sort((a, b) => a - b).some((version, index) => version !== index + 1))
    .map(([stream, found]) => `broken in the log: ${stream} has versions ${found.slice(0, 20).join(', ')}`);
}

const inWords = ({ id, stream, version }: Published): string => `${stream} version ${version} (${id})`;
