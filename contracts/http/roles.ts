/** The roles besides `operator`, which lib/http defines: customers, each for themselves. */
export const roles = ['customer'] as const;
