const paths = new Set(['/healthz', '/readyz', '/metrics']);

/** Whether a path belongs to probes and metrics: not logged, not limited, and answered under overload. */
export const isProbe = (path: string): boolean => paths.has(path);
