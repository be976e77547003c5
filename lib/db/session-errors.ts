/**
 * SQLSTATEs after which a session is unusable: connection exceptions (08), a session ended by the server (57P, 25P03),
 * a server that no longer accepts writes (25006), and prepared statements that differ from what the client expects
 * (26000, 42P05), as after `discard all`.
 */
const endingStates = /^(08...|57P0[1-5]|25P03|25006|26000|42P05)$/;
/** Node's error codes for a lost socket. */
const lostSocket = /^(ECONN(RESET|ABORTED)|EPIPE|ETIMEDOUT)$/;
/** The messages of `pg` for a lost connection, which have no code. */
const lostConnection =
  /^(Connection terminated|Query read timeout|Client (has encountered|was closed).* not queryable)/;

/** Whether the session on which this error occurred must not be reused; a new one may succeed. */
export function endsSession(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return endingStates.test(code) || lostSocket.test(code);
  return typeof message === 'string' && lostConnection.test(message);
}

/** Whether the server has not answered in time. It may still answer, so the session is unusable until then. */
export const isUnanswered = (error: unknown): boolean =>
  (error as { message?: unknown } | undefined)?.message === 'Query read timeout';

/** `read_only_sql_transaction`: a standby, or `default_transaction_read_only`. */
export const isReadOnly = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === '25006';

/** SQLSTATE class 28: the password or the user is wrong, or may not log in. */
export const isRefusedLogin = (error: unknown): boolean =>
  /^28...$/.test(String((error as { code?: unknown } | undefined)?.code));
