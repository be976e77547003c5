import type { Installation } from './installation';

/** A connection that a role tries, and whether its network policy allows it. */
const connections: readonly { role: string; to: string; port: number; isAllowed: boolean }[] = [
  { role: 'orders', to: 'sagaworks-temporal', port: 7233, isAllowed: true },
  { role: 'analytics', to: 'sagaworks-temporal', port: 7233, isAllowed: false },
  { role: 'notifications', to: 'sagaworks-mail', port: 1025, isAllowed: true },
  { role: 'orders', to: 'sagaworks-mail', port: 1025, isAllowed: false },
  { role: 'orders', to: 'sagaworks-payments', port: 80, isAllowed: false },
];

const connecting = (host: string, port: number): string =>
  `const socket = require('node:net').connect({ host: '${host}', port: ${port}, timeout: 3000 });
   const end = (code) => process.exit(code);
   socket.on('connect', () => end(0)).on('error', () => end(1)).on('timeout', () => end(1));`;

/** Tries each connection. @returns a sentence for each that is not as its policy says. */
export async function wrongConnections({ tries }: Installation): Promise<string[]> {
  const wrong: string[] = [];
  for (const { role, to, port, isAllowed } of connections) {
    const isOpen = await tries(role, connecting(to, port));
    if (isOpen !== isAllowed) wrong.push(`${role} ${isOpen ? 'reaches' : 'does not reach'} ${to}:${port}`);
  }
  return wrong;
}

/** How many connections were tried, and how many of them are forbidden. */
export const triedConnections = {
  all: connections.length,
  forbidden: connections.filter(({ isAllowed }) => !isAllowed).length,
};
