import type { Role } from '../../lib/http/identity/bearer';
import { opsScopes } from '../../lib/operations/scopes';

/** The roles of the platform of notes: members, each for themselves, and operators. */
export const roles = {
  member: { description: 'Writes notes', reach: 'own', scopes: ['notes:read', 'notes:write'] },
  operator: {
    description: 'Runs the platform',
    reach: 'all',
    scopes: ['notes:read', 'notes:write', ...Object.keys(opsScopes)],
  },
} as const satisfies Record<string, Role>;
