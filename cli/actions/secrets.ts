import { keepSecrets, newSecrets, type Servers } from '../../workers/provision/new-secrets';
import { print, type OutputOptions } from '../output';

export async function secrets(folder: string, options: Servers & OutputOptions & { owners: string }): Promise<void> {
  const { processes, owners } = newSecrets(options);
  const written = [...keepSecrets(folder, processes), ...keepSecrets(options.owners, owners)];
  print({ written }, options, () => `${written.length} secrets written, the others were there`);
  return Promise.resolve();
}
