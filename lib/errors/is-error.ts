/**
 * Whether something is an error, also of another realm: inside Jest, Node's own errors are none of its `Error`.
 * Node 24 has `Error.isError` for it, Node 22 does not.
 */
export const isError = (value: unknown): value is Error => Object.prototype.toString.call(value) === '[object Error]';
