import type { Link } from '../connection/link';

/** The number of messages ready in a queue; undefined when the queue does not exist. @throws `unavailable` */
export async function countMessages(link: Link, queue: string): Promise<number | undefined> {
  try {
    return await link.withChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return undefined;
    throw error;
  }
}

const notFound = 404;
