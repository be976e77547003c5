import type { Link } from '../connection/link';

/** How many messages wait in a queue; undefined when there is no such queue. @throws `unavailable` */
export async function countMessages(link: Link, queue: string): Promise<number | undefined> {
  try {
    return await link.withChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return undefined;
    throw error;
  }
}

const notFound = 404;
