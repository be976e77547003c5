import type { Role } from '../../lib/http/identity/bearer';
import { scopes, type Scope } from './scopes';

interface ScopedRole extends Role {
  scopes: readonly Scope[];
}

const everything = Object.keys(scopes) as Scope[];
/** Whoever decides who may do what could do everything. */
const exceptAccess = everything.filter((scope) => scope !== 'ops:access');
const reading: readonly Scope[] = [
  'users:read',
  'products:read',
  'orders:read',
  'orders:watch',
  'payments:read',
  'shipments:read',
  'notifications:read',
  'analytics:read',
  'recommendations:read',
];

/**
 * The roles, from the least to the most powerful; of a token with several, the last counts. `own` means that its bearers
 * see and change only what is theirs (`mayActFor`).
 */
export const roles = {
  customer: {
    description: 'A person who buys',
    reach: 'own',
    scopes: [
      'users:read',
      'users:write',
      'users:erase',
      'products:read',
      'orders:read',
      'orders:write',
      'orders:cancel',
      'orders:return',
      'payments:read',
      'shipments:read',
      'notifications:read',
      'recommendations:read',
    ],
  },
  viewer: { description: 'Sees everything and changes nothing', reach: 'all', scopes: [...reading, 'ops:read'] },
  service: {
    description: 'Another program, such as a shop front',
    reach: 'all',
    scopes: [
      ...reading,
      'users:create',
      'users:write',
      'products:write',
      'orders:write',
      'orders:cancel',
      'orders:return',
    ],
  },
  support: {
    description: 'Helps customers',
    reach: 'all',
    scopes: [
      ...reading,
      'users:create',
      'users:write',
      'orders:write',
      'orders:cancel',
      'orders:return',
      'notifications:send',
    ],
  },
  operator: { description: 'Runs the business and the platform', reach: 'all', scopes: exceptAccess },
  admin: { description: 'An operator who also decides who may do what', reach: 'all', scopes: everything },
} as const satisfies Record<string, ScopedRole>;

export type RoleName = keyof typeof roles;
