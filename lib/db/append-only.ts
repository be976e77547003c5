/**
 * Tables in which the running role may insert and select, and nothing else: by name, the columns that it may set. Without
 * columns it may only select.
 */
export type AppendOnly = Readonly<Record<string, readonly string[]>>;
