import { dockerTrouble, fetchImages } from './docker';
import type { System } from './systems';
import { Trouble, type Steps } from './steps';

/** Where a stack's systems come from; `named` when the environment names all of them. */
export type StackKind = 'named' | 'docker' | 'native';

/**
 * Docker, when an engine answers that has the images or gets them; otherwise native.
 * `SAGAWORKS_STACK` decides instead.
 * @throws Trouble when Docker is asked for and cannot be.
 */
export async function chooseKind(wanted: readonly System[], env: NodeJS.ProcessEnv, steps: Steps): Promise<StackKind> {
  if (wanted.length === 0) return 'named';
  const asked = env['SAGAWORKS_STACK'];
  if (asked === 'native') return 'native';
  if (asked !== undefined && asked !== '' && asked !== 'docker') {
    throw new Trouble(`SAGAWORKS_STACK is "${asked}"; it can be docker or native`, 'unset SAGAWORKS_STACK');
  }
  const trouble = (await dockerTrouble()) ?? (await fetchImages(wanted, steps));
  if (trouble === undefined) return 'docker';
  if (asked === 'docker')
    throw new Trouble(
      `Docker cannot be used: ${trouble}`,
      'unset SAGAWORKS_STACK, or: SAGAWORKS_STACK=native npm start',
    );
  steps.note(`Without Docker (${trouble}): everything runs natively`);
  return 'native';
}
