/**
 * Queues are versioned by name, because a broker never changes a queue's arguments: version 1 has the plain name,
 * version 2 is `name.v2`.
 */
const versioned = /^(?<plain>.+)\.v(?<version>\d+)$/;

/** The name that all versions of a queue share. */
export const withoutVersion = (queue: string): string => versioned.exec(queue)?.groups?.['plain'] ?? queue;

const versionOf = (queue: string): number => Number(versioned.exec(queue)?.groups?.['version'] ?? 1);

/** The names of this version of a queue and of all earlier ones. */
export const versionsOf = (queue: string): string[] =>
  Array.from({ length: versionOf(queue) }, (_, before) =>
    before === 0 ? withoutVersion(queue) : `${withoutVersion(queue)}.v${before + 1}`,
  );
