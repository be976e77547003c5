import { createRoute } from '@hono/zod-openapi';
import { createRoutes, jsonAnswer, jsonBody } from '../../http/routes';
import { bodyRefusals, refusals, shared } from '../route';
import { sagaContract, sagaDecision, sagaRestart } from './contract';
import type { SagaOperations, SagaSummary } from './sagas';

/**
 * Showing stuck sagas, deciding about their steps, and restarting sagas.
 * @param subject the name, in paths and bodies, of the id of a saga's subject, such as `noteId`.
 */
export function createSagaRoutes(operations: SagaOperations, subject: string) {
  const { listSagas, showSaga, decideSaga, restartSaga } = declareRoutes(subject);
  const idIn = (params: Readonly<Record<string, string>>): string => params[subject] ?? '';
  const toResponse = ({ id, startedAt, workflowId, ...saga }: SagaSummary) => ({
    workflowId,
    [subject]: id,
    ...saga,
    startedAt: startedAt.toISOString(),
  });
  const routes = createRoutes();
  routes.openapi(listSagas, async (c) => c.json({ items: (await operations.waiting()).map(toResponse) }, 200));
  routes.openapi(showSaga, async (c) => {
    const { state, ...saga } = await operations.show(idIn(c.req.valid('param')));
    return c.json({ ...toResponse(saga), ...state }, 200);
  });
  routes.openapi(decideSaga, async (c) => {
    const id = idIn(c.req.valid('param'));
    const decision = c.req.valid('json');
    await operations.decide(id, decision);
    return c.json({ [subject]: id, action: decision.action }, 200);
  });
  routes.openapi(restartSaga, async (c) => {
    const id = idIn(c.req.valid('param'));
    await operations.restart(id, c.req.valid('json').reason);
    return c.json({ [subject]: id, action: 'restart' }, 200);
  });
  return routes;
}

function declareRoutes(subject: string) {
  const { params, ...contract } = sagaContract(subject);
  return {
    listSagas: createRoute({
      operationId: 'listSagas',
      ...shared('ops:read'),
      method: 'get',
      path: '/ops/sagas',
      summary: 'List sagas that wait for an operator',
      responses: { 200: jsonAnswer(contract.sagas, 'The sagas'), ...refusals },
    }),
    showSaga: createRoute({
      operationId: 'getSaga',
      ...shared('ops:read'),
      method: 'get',
      path: `/ops/sagas/{${subject}}`,
      summary: 'Show what a saga has done, and what it waits for',
      request: { params },
      responses: { 200: jsonAnswer(contract.saga, 'The saga'), ...refusals },
    }),
    decideSaga: createRoute({
      operationId: 'decideSaga',
      ...shared('ops:sagas'),
      method: 'post',
      path: `/ops/sagas/{${subject}}/decide`,
      summary: 'Decide about a stuck step: retry it, skip it, or resolve it with a result',
      request: { params, body: jsonBody(sagaDecision) },
      responses: { 200: jsonAnswer(contract.decided, 'The saga continues'), ...bodyRefusals },
    }),
    restartSaga: createRoute({
      operationId: 'restartSaga',
      ...shared('ops:sagas'),
      method: 'post',
      path: `/ops/sagas/{${subject}}/restart`,
      summary: 'Restart a saga that was terminated too early, or is gone from Temporal',
      request: { params, body: jsonBody(sagaRestart) },
      responses: { 200: jsonAnswer(contract.decided, 'The saga was restarted'), ...bodyRefusals },
    }),
  };
}
