/**
 * SQLSTATEs after which a session is of no further use: connection exceptions (08), a session ended by the server (57P,
 * 25P03), a server that takes no writes any more (25006), and prepared statements that differ from what the client
 * believes (26000, 42P05), as after `discard all`.
 */
const endingStates = /^(08...|57P0[1-5]|25P03|25006|26000|42P05)$/;
/** What Node says of a lost socket. */
const lostSocket = /^(ECONN(RESET|ABORTED)|EPIPE|ETIMEDOUT)$/;
/** What `pg` says of a server that does not answer. */
const unanswered = 'Query read timeout';
/** What `pg` says of a lost connection, without a code. */
const lostConnection =
  /^(Connection terminated|Query read timeout|Client (has encountered|was closed).* not queryable)/;

/** Whether the session on which this error occurred must not be used again; a new one may well succeed. */
export function endsSession(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return endingStates.test(code) || lostSocket.test(code);
  return typeof message === 'string' && lostConnection.test(message);
}

/** Whether the server has not answered in time; the answer may still come, so the session is of no use until then. */
export const isUnanswered = (error: unknown): boolean =>
  (error as { message?: unknown } | undefined)?.message === unanswered;

/** `read_only_sql_transaction`: a standby, or `default_transaction_read_only`. */
export const isReadOnly = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === '25006';
