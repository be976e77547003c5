/**
 * How a route declares itself that whoever has a link may use: a query parameter, whose name ends in `token`, stands for
 * the bearer token. The route verifies it before anything else.
 * @example createRoute({ ...linkedRequest, method: 'get', path: '/invitations', request: { query }, … })
 */
export const linkedRequest = {
  /** No bearer token. */
  security: [],
};
