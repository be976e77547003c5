/** How a client identifies a server, and itself, with TLS; each in PEM. */
export interface TlsIdentity {
  /** The authorities that may have signed the server's certificate; default: those that Node trusts. */
  ca?: string | undefined;
  /** For mutual TLS: the certificate that the client shows, and its private key. */
  cert?: string | undefined;
  key?: string | undefined;
}

/** The settings that name the files of a client, for messages. */
export type TlsNames = Readonly<Record<'ca' | 'cert' | 'key', string>>;

/** The TLS of the connections to one system. */
export interface ClientTls {
  /** For `node:tls`; what is not set has Node's default. */
  options: { ca?: string; cert?: string; key?: string };
  names: TlsNames;
}

/** @param names the settings that name the files. */
export const clientTls = ({ ca, cert, key }: TlsIdentity, names: TlsNames): ClientTls => ({
  options: {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  },
  names,
});

/** The settings of a system, such as `RABBITMQ_TLS_CA_FILE`. */
export const tlsNames = <Prefix extends string>(prefix: Prefix) =>
  ({
    ca: `${prefix}_TLS_CA_FILE`,
    cert: `${prefix}_TLS_CERT_FILE`,
    key: `${prefix}_TLS_KEY_FILE`,
  }) as const;
