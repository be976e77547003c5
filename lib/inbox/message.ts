import { randomUUID } from 'node:crypto';

/** What is read of a message; publishers outside the platform may have set any of it. */
export interface IncomingMessage {
  content: Buffer;
  properties: { [Name in ReadProperty]?: unknown } & { headers?: Record<string, unknown> | undefined };
  fields: { routingKey: string };
}
type ReadProperty = 'messageId' | 'type' | 'appId' | 'correlationId' | 'contentType' | 'timestamp';

/** The properties of a message that is sent on, with other headers. */
export function forwardedProperties({ properties }: IncomingMessage, headers: Record<string, unknown>) {
  const { messageId, type, appId, correlationId, contentType, timestamp } = properties;
  return {
    // A foreign message may have no id; a returned message is recognised by one.
    messageId: typeof messageId === 'string' && messageId !== '' ? messageId : randomUUID(),
    persistent: true,
    headers,
    ...onlyTexts({ type, appId, correlationId, contentType }),
    ...(typeof timestamp === 'number' ? { timestamp } : {}),
  };
}

/** `x-…` is the broker's own bookkeeping, whose counts would continue; CC and BCC would route copies elsewhere. */
export const stripBrokerHeaders = (headers: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(x-.*|cc|bcc)$/i.test(name)));

const onlyTexts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
