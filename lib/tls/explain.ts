import { isError } from '../errors/is-error';
import type { ClientTls } from './client-tls';

/** OpenSSL's codes for a certificate that no known authority has signed. */
const untrusted =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT(_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|CERT_(SIGNATURE_FAILURE|UNTRUSTED)|INVALID_CA)$/;
/** The alerts with which a server refuses the certificate of a client, or that it has none. */
const refusesClient =
  /alert (certificate (required|expired|unknown|revoked)|unknown ca|bad certificate|handshake failure|access denied|unsupported certificate)|ALERT_(CERTIFICATE_(REQUIRED|EXPIRED|UNKNOWN|REVOKED)|UNKNOWN_CA|BAD_CERTIFICATE|HANDSHAKE_FAILURE|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)/i;
/** PostgreSQL's refusal in `pg_hba.conf`. */
const wantsCertificate = /requires a valid client certificate/;
/** The client speaks TLS, and the server does not. */
const noTls = /wrong version number|packet length too long|does not support SSL connections/i;

/**
 * Why a connection was refused because of TLS, in a sentence that names the setting; undefined when the reason is
 * another.
 */
export function explainTls(error: unknown, { names, options }: ClientTls): string | undefined {
  if (!isError(error)) return undefined;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'CERT_HAS_EXPIRED') return "the server's certificate has expired";
  if (code === 'CERT_NOT_YET_VALID') return "the server's certificate is not valid yet";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return "the server's certificate is for another host";
  if (untrusted.test(code))
    return options.ca === undefined
      ? `the server's certificate was not signed by an authority that Node trusts; name its authority in ${names.ca}`
      : `the server's certificate was not signed by an authority in ${names.ca}`;
  if (refusesClient.test(`${code} ${message}`) || wantsCertificate.test(message))
    return options.cert === undefined
      ? `the server requires a client certificate; set ${names.cert} and ${names.key}`
      : `the server refuses the client certificate in ${names.cert}`;
  return noTls.test(message) ? 'the server does not speak TLS on this port' : undefined;
}
