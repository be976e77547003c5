const failures = new WeakSet<Error>();

/**
 * Notes that `error` was raised while connecting. Whatever the reason, a password, a name, a certificate, a time-out, it
 * says something about the system and nothing about the work that needed the connection: `classify` calls it an outage.
 */
export const noteConnectFailure = (error: Error): void => void failures.add(error);

/** Whether an error was raised while connecting. */
export const isConnectFailure = (error: Error): boolean => failures.has(error);
