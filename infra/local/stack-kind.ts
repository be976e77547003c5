import { dockerProblem, fetchImages } from './docker';
import type { System } from './systems';
import { UserError, type Steps } from './steps';

/** Where a stack's systems come from; `named` when the environment names all of them. */
export type StackKind = 'named' | 'docker' | 'native';

/**
 * Docker, when an engine answers that has the images or gets them; otherwise native.
 * `SAGAWORKS_STACK` decides instead.
 * @throws UserError when Docker is asked for and cannot be.
 */
export async function chooseKind(wanted: readonly System[], env: NodeJS.ProcessEnv, steps: Steps): Promise<StackKind> {
  if (wanted.length === 0) return 'named';
  const asked = env['SAGAWORKS_STACK'];
  if (asked === 'native') return 'native';
  if (asked !== undefined && asked !== '' && asked !== 'docker') {
    throw new UserError(`SAGAWORKS_STACK is "${asked}"; it can be docker or native`, 'unset SAGAWORKS_STACK');
  }
  const problem = (await dockerProblem()) ?? (await fetchImages(wanted, steps));
  if (problem === undefined) return 'docker';
  if (asked === 'docker')
    throw new UserError(
      `Docker cannot be used: ${problem}`,
      'unset SAGAWORKS_STACK, or: SAGAWORKS_STACK=native npm start',
    );
  steps.note(`Without Docker (${problem}): everything runs natively`);
  return 'native';
}
