import { createRoute, z } from '@hono/zod-openapi';
import * as contract from '../../../contracts/http/ops';
import { anyCaseId } from '../../ids/ids';
import { operatorOnly } from '../../http/auth';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../http/routes';
import type { SagaDesk, ShownSaga } from './sagas';

const shared = { tags: ['ops'], middleware: operatorOnly };
const params = z.strictObject({ orderId: anyCaseId });
const refusals = problems(400, 401, 403, 404, 409, 503);
const bodyRefusals = { ...refusals, ...problems(413, 415) };

const listSagas = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/sagas',
  summary: 'Sagas that wait for an operator',
  responses: { 200: jsonAnswer(contract.sagasResponse, 'The sagas'), ...refusals },
});
const showSaga = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/sagas/{orderId}',
  summary: 'What the saga of an order has done, and what it waits for',
  request: { params },
  responses: { 200: jsonAnswer(contract.sagaResponse, 'The saga'), ...refusals },
});
const decideSaga = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/sagas/{orderId}/decide',
  summary: 'Have a saga that waits go on: try again, leave the step out, or give its result by hand',
  request: { params, body: jsonBody(contract.sagaDecision) },
  responses: { 200: jsonAnswer(contract.sagaDecided, 'It goes on'), ...bodyRefusals },
});
const restartSaga = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/sagas/{orderId}/restart',
  summary: 'Have a saga go on that was ended before its order, or begin it anew when it is gone from Temporal',
  request: { params, body: jsonBody(contract.sagaRestart) },
  responses: { 200: jsonAnswer(contract.sagaDecided, 'It goes on'), ...bodyRefusals },
});

/** Sagas that need people, over HTTP. */
export function createSagaRoutes(desk: SagaDesk) {
  const routes = createRoutes();
  routes.openapi(listSagas, async (c) => c.json({ items: (await desk.waiting()).map(toResponse) }, 200));
  routes.openapi(showSaga, async (c) => {
    const { state, ...saga } = await desk.show(c.req.valid('param').orderId);
    return c.json({ ...toResponse(saga), ...state }, 200);
  });
  routes.openapi(decideSaga, async (c) => {
    const { orderId } = c.req.valid('param');
    const decision = c.req.valid('json');
    await desk.decide(orderId, decision);
    return c.json({ orderId, action: decision.action }, 200);
  });
  routes.openapi(restartSaga, async (c) => {
    const { orderId } = c.req.valid('param');
    await desk.restart(orderId, c.req.valid('json').reason);
    return c.json({ orderId, action: 'restart' }, 200);
  });
  return routes;
}

const toResponse = ({ startedAt, ...saga }: ShownSaga) => ({ ...saga, startedAt: startedAt.toISOString() });
