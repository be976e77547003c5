/**
 * Whether a value is an error, also one of another realm: in Jest, Node's own errors are not instances of `Error`.
 * Node 24 has `Error.isError` for this, Node 22 does not.
 */
export const isError = (value: unknown): value is Error => Object.prototype.toString.call(value) === '[object Error]';
