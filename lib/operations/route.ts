import { operatorOnly } from '../http/auth';
import { problems } from '../http/routes';

/** Common to all routes for operators. */
export const shared = { tags: ['ops'], middleware: operatorOnly };
export const refusals = problems(400, 401, 403, 404, 409, 503);
export const bodyRefusals = { ...refusals, ...problems(413, 415) };
