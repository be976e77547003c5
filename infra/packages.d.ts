/** Whether the folder's node_modules holds what its package-lock.json says. */
export function packagesAreCurrent(root: string): boolean;
