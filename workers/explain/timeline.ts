import type { Happening } from './happening';

/** A line of the timeline, with the time since the line before. */
export interface Line extends Happening {
  gapMs: number;
}

/**
 * What happened, in sequence: by time, but nothing before its cause and nothing before its predecessor in its stream,
 * whatever the clocks of the processes said. Each keeps the time that it was recorded with.
 */
export function timelineOf(happened: readonly Happening[]): Line[] {
  const placed = placesOf(happened);
  const sorted = [...happened].sort((a, b) => {
    const [one, other] = [placed.get(a), placed.get(b)] as [Place, Place];
    return one.ms - other.ms || one.depth - other.depth;
  });
  return sorted.map((one, index) => ({
    ...one,
    gapMs: Math.round(one.at.getTime() - (sorted[index - 1] ?? one).at.getTime()),
  }));
}

/** Where something belongs: not before any of its causes, and after them when the times are equal. */
interface Place {
  ms: number;
  depth: number;
}

function placesOf(happened: readonly Happening[]): Map<Happening, Place> {
  const causes = causesOf(happened);
  const places = new Map<Happening, Place>();
  const open = new Set<Happening>();
  // Without recursion: a stream may be thousands of events long.
  const stack = [...happened];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    if (places.has(one)) continue;
    const before = causes.get(one) ?? [];
    const missing = before.filter((cause) => !places.has(cause) && !open.has(cause));
    if (missing.length > 0) {
      open.add(one);
      stack.push(one, ...missing);
      continue;
    }
    places.set(
      one,
      placeAfter(
        one,
        before.flatMap((cause) => places.get(cause) ?? []),
      ),
    );
    open.delete(one);
  }
  return places;
}

const placeAfter = ({ at }: Happening, before: readonly Place[]): Place => ({
  ms: Math.max(at.getTime(), ...before.map(({ ms }) => ms)),
  depth: Math.max(0, ...before.map(({ depth }) => depth + 1)),
});

/** What each came after: its cause, and the event before it in its stream. */
function causesOf(happened: readonly Happening[]): Map<Happening, Happening[]> {
  const byId = new Map(happened.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])));
  const previous = new Map<string, Happening>();
  const causes = new Map<Happening, Happening[]>();
  for (const one of [...happened].sort((a, b) => (a.version ?? 0) - (b.version ?? 0))) {
    const cause = one.after === undefined ? undefined : byId.get(one.after);
    const before = one.stream === undefined ? undefined : previous.get(one.stream);
    causes.set(
      one,
      [cause, before].flatMap((found) => (found === undefined || found === one ? [] : [found])),
    );
    if (one.stream !== undefined) previous.set(one.stream, one);
  }
  return causes;
}
