/** Who may call the API besides operators, whom lib/http knows: customers, each for themselves. */
export const roles = ['customer'] as const;
