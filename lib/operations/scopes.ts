/** The scopes of the operators' API, and what each allows. */
export const opsScopes = {
  'ops:read': 'See queues, dead letters, parked events, event logs, sagas and the audit log',
  'ops:redrive': 'Redrive dead letters, release parked events, retry and replay events',
  'ops:discard': 'Discard dead letters, and events that are parked or cannot be published',
  'ops:relay': 'Pause and resume relays',
  'ops:sagas': 'Decide about stuck steps of sagas, and restart sagas',
  'ops:access': 'Create and revoke API keys',
} as const;

export type OpsScope = keyof typeof opsScopes;
