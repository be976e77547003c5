/**
 * Makes concurrent calls with the same key share one call of `run`; after it has ended, the next call runs it again.
 * @example const stateOf = sharedCall((workflowId: string) => queryState(workflowId));
 */
export function sharedCall<Result>(run: (key: string) => Promise<Result>): (key: string) => Promise<Result> {
  const underWay = new Map<string, Promise<Result>>();
  return (key) => {
    const shared = underWay.get(key) ?? run(key).finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}
