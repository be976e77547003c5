import { requiresScope } from '../../lib/http/auth';
import type { Scope } from './scopes';

/**
 * Declares the scope that a route requires; `roles` says which roles have it.
 * @example createRoute({ ...requires('orders:read'), method: 'get', … })
 */
export const requires = (scope: Scope) => requiresScope(scope);
