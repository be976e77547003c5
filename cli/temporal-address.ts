import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { payloadKeys, type PayloadKey } from '../lib/temporal/payload-keys';

const stack = z.object({
  temporalAddress: z.string(),
  temporalNamespace: z.string().optional(),
  temporalUiUrl: z.string(),
});

/** Where Temporal is, and with which keys its payloads are read. */
export interface TemporalAddress {
  address: string;
  namespace: string;
  webUiUrl: string;
  payloadKeys?: PayloadKey[];
}

/** As `TEMPORAL_ADDRESS` says, otherwise Temporal of the local stack. @throws when there is neither, or a key is none. */
export function temporalAddress(
  env: NodeJS.ProcessEnv = process.env,
  stackFile = '.sagaworks/stack.json',
): TemporalAddress {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_UI_URL, TEMPORAL_PAYLOAD_KEYS } = env;
  const shared = {
    namespace: TEMPORAL_NAMESPACE || 'default',
    ...(TEMPORAL_PAYLOAD_KEYS ? { payloadKeys: parseKeys(TEMPORAL_PAYLOAD_KEYS) } : {}),
  };
  if (TEMPORAL_ADDRESS) {
    return { address: TEMPORAL_ADDRESS, webUiUrl: TEMPORAL_UI_URL || 'http://127.0.0.1:8233', ...shared };
  }
  if (!existsSync(stackFile))
    throw new Error('Temporal is not known: set TEMPORAL_ADDRESS, or run "npm start" here first');
  const known = stack.parse(JSON.parse(readFileSync(stackFile, 'utf8')));
  // The namespace belongs to the address: that of the stack, unless the environment names one.
  const namespace = TEMPORAL_NAMESPACE || known.temporalNamespace || shared.namespace;
  return { address: known.temporalAddress, webUiUrl: known.temporalUiUrl, ...shared, namespace };
}

function parseKeys(text: string): PayloadKey[] {
  const parsed = payloadKeys.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Error(`TEMPORAL_PAYLOAD_KEYS ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
}
