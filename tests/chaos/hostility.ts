import { setTimeout as sleep } from 'node:timers/promises';

/** What a handler may do to its consumer; it behaves from the given attempt on. */
export const hostilities = {
  'throws once': { behavesFrom: 2, act: () => Promise.reject(new Error('A handler that throws once')) },
  'fails twice, then succeeds': { behavesFrom: 3, act: () => Promise.reject(new Error('Not yet')) },
  'is slow': { behavesFrom: 2, act: () => sleep(700) },
  'hangs for a while': { behavesFrom: 2, act: () => sleep(4_000) },
  'ends the process': { behavesFrom: 2, act: () => process.exit(1) },
} as const satisfies Record<string, { behavesFrom: number; act: () => Promise<unknown> }>;

export type Hostility = keyof typeof hostilities;
const kinds = Object.keys(hostilities) as Hostility[];

/** One event in this many is met with hostility; those that end the process are few, as each takes all others down. */
const oneIn = { any: 120, crash: 1_500 };

/** What awaits an event: the same for the same event and seed. */
export function hostilityTo(eventId: string, seed: number): Hostility | undefined {
  const lot = hash(`${seed}/${eventId}`);
  if (lot % oneIn.crash === 0) return 'ends the process';
  if (lot % oneIn.any !== 0) return undefined;
  const others = kinds.filter((kind) => kind !== 'ends the process');
  return others[Math.floor(lot / oneIn.any) % others.length];
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}
