/** What a role may do, and to whose data; the platform defines its roles. */
export interface Role {
  description: string;
  scopes: readonly string[];
  /** Whether its bearers act on what is theirs, or on what belongs to anyone. */
  reach: 'own' | 'all';
}

/** Roles by name; of a token with several of them, the one that stands last here counts. */
export type Roles = Readonly<Record<string, Role>>;

/** The caller of a request. */
export interface Actor {
  userId: string;
  /** A name of the platform's `Roles`. */
  role: string;
  scopes: ReadonlySet<string>;
  reach: Role['reach'];
}

/** Who presents a credential, and until when. */
export interface Bearer {
  actor: Actor;
  /** When the credential ends, in milliseconds since 1970. */
  expiresAt: number;
  /** In milliseconds since 1970. */
  issuedAt: number;
  issuer: string;
  /** Who the issuer says this is. */
  subject: string;
  /** The claim `jti`; not every provider has one. */
  jti?: string;
}
