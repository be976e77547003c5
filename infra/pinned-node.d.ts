/** The oldest Node that package.json accepts, such as `22.15`. */
export function oldestSupported(): string;

/** Whether package.json accepts this version of Node, such as `20.20.2`. */
export function isSupported(node: string): boolean;

/**
 * The folder that holds the pinned Node, below `tools`. It is fetched once, and needs no network after that.
 * @throws in one sentence, why there is none.
 */
export function ensurePinnedNode(tools: string, log: (what: string) => void): string;
