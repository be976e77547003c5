import type { OpenAPIHono } from '@hono/zod-openapi';
import { asyncApiDocument } from '../../contracts/asyncapi';
import { roles, type RoleName } from '../../contracts/http/roles';
import { product } from '../../contracts/product';
import type { AppEnv } from '../../lib/http/env';
import { createAppOf, type TestApp as AppOf } from '../lib-support/app';

export type { Answer } from '../lib-support/app';

/** An HTTP app without a socket, for tests of the platform's routes. */
export type TestApp = AppOf<RoleName>;

/** Mounts routes as the platform does. */
export const createTestApp = (
  routes: OpenAPIHono<AppEnv>,
  options?: Parameters<typeof createAppOf>[2],
): Promise<TestApp> => createAppOf({ roles, product, events: asyncApiDocument() }, routes, options);
