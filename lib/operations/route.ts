import { requiresScope } from '../http/auth';
import { problems } from '../http/routes';
import type { OpsScope } from './scopes';

/** Common to all routes for operators: the scope that one requires. */
export const shared = (scope: OpsScope) => ({ tags: ['ops'], ...requiresScope(scope) });
export const refusals = problems(400, 401, 403, 404, 409, 503);
export const bodyRefusals = { ...refusals, ...problems(413, 415) };
