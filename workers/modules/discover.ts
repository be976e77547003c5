import { createRequire } from 'node:module';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isServiceModule, type ServiceModule } from '../../lib/service/define-service';

const load = createRequire(__filename);

/** A service's module, if its file exports one. */
export interface Discovered {
  /** The path that messages name: `services/orders/module.ts`. */
  file: string;
  /** The name of its folder. */
  folder: string;
  module?: ServiceModule;
}

/**
 * The `module` of every folder of `services/`, by name: a service is added by its folder, and removed by deleting it.
 * @param root the folder of the services; the modules in it are loaded.
 */
export const discoverModules = (root: string): Discovered[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      // TypeScript in a working copy, JavaScript in the image.
      const file = ['module.ts', 'module.js'].map((one) => join(root, name, one)).find((one) => existsSync(one));
      return file === undefined ? [] : [{ folder: name, file }];
    })
    .sort((one, other) => (one.folder < other.folder ? -1 : 1))
    .map(({ folder, file }) => {
      const [module, ...more] = Object.values(load(file) as Record<string, unknown>).filter(isServiceModule);
      return { folder, file: relative(join(root, '..'), file), ...(module && more.length === 0 ? { module } : {}) };
    });

/** The modules of this platform. */
export const discovered: readonly Discovered[] = discoverModules(join(__dirname, '../../services'));

/** Every service of the platform. */
export const services: readonly ServiceModule[] = discovered.flatMap(({ module }) => module ?? []);
