/**
 * Installs the packages of the lockfile with npm.
 * @throws why that failed: in one sentence where the registry does not answer, otherwise what npm says.
 */
export function installPackages(root: string): void;

/** Whether the folder's node_modules holds what its package-lock.json says. */
export function packagesAreCurrent(root: string): boolean;
