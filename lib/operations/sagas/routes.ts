import { createRoute } from '@hono/zod-openapi';
import { createRoutes, jsonAnswer, jsonBody } from '../../http/routes';
import { bodyRefusals, refusals, shared } from '../route';
import { sagaContract, sagaDecision, sagaRestart } from './contract';
import type { SagaDesk, ShownSaga } from './sagas';

/**
 * Sagas that need people, over HTTP.
 * @param subject what paths and bodies call the id of the thing that a saga is about, such as `noteId`.
 */
export function createSagaRoutes(desk: SagaDesk, subject: string) {
  const { listSagas, showSaga, decideSaga, restartSaga } = declareRoutes(subject);
  const idIn = (params: Readonly<Record<string, string>>): string => params[subject] ?? '';
  const toResponse = ({ id, startedAt, workflowId, ...saga }: ShownSaga) => ({
    workflowId,
    [subject]: id,
    ...saga,
    startedAt: startedAt.toISOString(),
  });
  const routes = createRoutes();
  routes.openapi(listSagas, async (c) => c.json({ items: (await desk.waiting()).map(toResponse) }, 200));
  routes.openapi(showSaga, async (c) => {
    const { state, ...saga } = await desk.show(idIn(c.req.valid('param')));
    return c.json({ ...toResponse(saga), ...state }, 200);
  });
  routes.openapi(decideSaga, async (c) => {
    const id = idIn(c.req.valid('param'));
    const decision = c.req.valid('json');
    await desk.decide(id, decision);
    return c.json({ [subject]: id, action: decision.action }, 200);
  });
  routes.openapi(restartSaga, async (c) => {
    const id = idIn(c.req.valid('param'));
    await desk.restart(id, c.req.valid('json').reason);
    return c.json({ [subject]: id, action: 'restart' }, 200);
  });
  return routes;
}

function declareRoutes(subject: string) {
  const { params, ...contract } = sagaContract(subject);
  return {
    listSagas: createRoute({
      ...shared,
      method: 'get',
      path: '/ops/sagas',
      summary: 'Sagas that wait for an operator',
      responses: { 200: jsonAnswer(contract.sagas, 'The sagas'), ...refusals },
    }),
    showSaga: createRoute({
      ...shared,
      method: 'get',
      path: `/ops/sagas/{${subject}}`,
      summary: 'What a saga has done, and what it waits for',
      request: { params },
      responses: { 200: jsonAnswer(contract.saga, 'The saga'), ...refusals },
    }),
    decideSaga: createRoute({
      ...shared,
      method: 'post',
      path: `/ops/sagas/{${subject}}/decide`,
      summary: 'Have a saga that waits go on: try again, leave the step out, or give its result by hand',
      request: { params, body: jsonBody(sagaDecision) },
      responses: { 200: jsonAnswer(contract.decided, 'It goes on'), ...bodyRefusals },
    }),
    restartSaga: createRoute({
      ...shared,
      method: 'post',
      path: `/ops/sagas/{${subject}}/restart`,
      summary: 'Have a saga go on that was ended too early, or begin it anew when it is gone from Temporal',
      request: { params, body: jsonBody(sagaRestart) },
      responses: { 200: jsonAnswer(contract.decided, 'It goes on'), ...bodyRefusals },
    }),
  };
}
