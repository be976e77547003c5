import { opsScopes } from '../../lib/operations/scopes';

/** Every scope, and what it allows. Each route requires one. */
export const scopes = {
  'users:read': 'See users',
  'users:create': 'Add users',
  'users:write': 'Change the name and e-mail address of users',
  'users:erase': 'Erase users',
  'users:lock': 'Lock and unlock users, revoke tokens',
  'products:read': 'See products and their stock',
  'products:write': 'Add and change products, adjust their stock',
  'orders:read': 'See orders, their events, and the stream of one order',
  'orders:watch': 'Stream the events of all orders',
  'orders:write': 'Place orders',
  'orders:cancel': 'Cancel orders',
  'orders:return': 'Return delivered orders',
  'orders:review': 'Approve or reject orders that are waiting for a review',
  'payments:read': 'See payments',
  'shipments:read': 'See shipments',
  'notifications:read': 'See the e-mails about an order',
  'notifications:send': 'Send an e-mail again',
  'analytics:read': 'See what sells',
  'recommendations:read': 'See recommended products',
  ...opsScopes,
  'ops:settle': 'Settle differences between services',
} as const;

export type Scope = keyof typeof scopes;
