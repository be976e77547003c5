import type { Live } from '../../lib/config/live';
import { secretIn } from '../../lib/config/secret-files';
import type { TemporalAccess } from '../../lib/temporal/access';
import { payloadModes, type PayloadMode } from '../../lib/temporal/codec';
import { encryptionKeys, type EncryptionKey } from '../../lib/encryption/keys';
import { localDirectory, readLocalStack, unknownAddress } from './local-stack';
import { temporalAccessIn } from './tls';

/** Where Temporal is, and with which keys its payloads are read. */
export interface TemporalAddress {
  address: string;
  namespace: string;
  webUiUrl: string;
  payloadKeys?: EncryptionKey[];
  access?: Live<TemporalAccess>;
  /** Whether payloads that are not encrypted are accepted. */
  payloads?: PayloadMode;
}

const localWebUi = 'http://127.0.0.1:8233';

/**
 * Temporal: `TEMPORAL_ADDRESS`, otherwise that of the local stack. The namespace belongs to the address, unless the
 * environment names one.
 * @throws Error when there is neither, or TEMPORAL_PAYLOAD_KEYS is invalid.
 */
export function temporalAddress(env: NodeJS.ProcessEnv = process.env, directory = localDirectory): TemporalAddress {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_UI_URL, TEMPORAL_PAYLOADS } = env;
  const keys = secretIn(env, 'TEMPORAL_PAYLOAD_KEYS');
  const payloads = payloadModes.find((mode) => mode === TEMPORAL_PAYLOADS);
  const stack = TEMPORAL_ADDRESS
    ? { temporalAddress: TEMPORAL_ADDRESS, temporalUiUrl: TEMPORAL_UI_URL }
    : readLocalStack(directory);
  if (!stack.temporalAddress) throw unknownAddress('The address of Temporal', 'TEMPORAL_ADDRESS');
  return {
    address: stack.temporalAddress,
    namespace: TEMPORAL_NAMESPACE || ('temporalNamespace' in stack && stack.temporalNamespace) || 'default',
    webUiUrl: stack.temporalUiUrl || localWebUi,
    ...(keys === undefined ? {} : { payloadKeys: parseKeys(keys) }),
    ...(TEMPORAL_ADDRESS ? { access: temporalAccessIn(env) } : {}),
    ...(payloads ? { payloads } : {}),
  };
}

function parseKeys(text: string): EncryptionKey[] {
  const parsed = encryptionKeys.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Error(`TEMPORAL_PAYLOAD_KEYS ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
}
