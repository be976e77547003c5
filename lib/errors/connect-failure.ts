const failures = new WeakSet<Error>();

/**
 * Marks an error as raised while connecting. Whatever its reason (a password, a name, a certificate, a time-out), it
 * says nothing about the work that needed the connection: `classify` counts it as an outage.
 */
export const markConnectFailure = (error: Error): void => void failures.add(error);

/** Whether an error was marked as raised while connecting. */
export const isConnectFailure = (error: Error): boolean => failures.has(error);
