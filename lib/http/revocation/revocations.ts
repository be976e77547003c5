/** What a token says of itself, as far as revocations look at it. */
export interface TokenIdentity {
  /** Whom the token stands for. */
  subject: string;
  /** Its own id, the claim `jti`; a token without one can only be revoked with its subject. */
  tokenId?: string | undefined;
  /** In milliseconds since 1970; a token that does not say counts as issued before everything else. */
  issuedAt?: number | undefined;
}

/** A fact that ends tokens, or that admits a subject again. */
export type Revocation =
  | {
      kind: 'subject';
      subject: string;
      /** Facts of one subject may come again, and in any order: the highest version counts. */
      version: number;
      /** `ended` is final. `unlocked` admits tokens that were issued after the last lock. */
      state: 'ended' | 'locked' | 'unlocked';
      at: Date;
    }
  | { kind: 'token'; tokenId: string };

/** Which tokens are revoked, as far as this process knows. */
export interface Revocations {
  apply(revocation: Revocation): void;
  isRevoked(token: TokenIdentity): boolean;
  /** Calls `onChange` after each revocation, until the returned function is called. */
  subscribe(onChange: () => void): () => void;
}

interface SubjectState {
  version: number;
  state: 'ended' | 'locked' | 'unlocked';
  /** When the subject was last locked, in milliseconds since 1970. */
  lockedAt: number;
}

/**
 * Revocations in memory: some 200 bytes each, and none is forgotten, since a lock holds until it is lifted and a token may be
 * valid for as long as its issuer likes.
 */
export function createRevocations(): Revocations {
  const subjects = new Map<string, SubjectState>();
  const tokenIds = new Set<string>();
  const listeners = new Set<() => void>();

  function applyToSubject({ subject, version, state, at }: Extract<Revocation, { kind: 'subject' }>): void {
    const known = subjects.get(subject) ?? { version: 0, state: 'unlocked', lockedAt: -Infinity };
    const lockedAt = state === 'locked' ? Math.max(known.lockedAt, at.getTime()) : known.lockedAt;
    subjects.set(subject, version > known.version ? { version, state, lockedAt } : { ...known, lockedAt });
  }

  return {
    apply(revocation) {
      if (revocation.kind === 'token') tokenIds.add(revocation.tokenId);
      else applyToSubject(revocation);
      for (const listener of listeners) listener();
    },
    isRevoked({ subject, tokenId, issuedAt = -Infinity }) {
      if (tokenId !== undefined && tokenIds.has(tokenId)) return true;
      const known = subjects.get(subject);
      return known !== undefined && (known.state !== 'unlocked' || issuedAt <= known.lockedAt);
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
