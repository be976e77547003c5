import type { IncomingMessage, ServerResponse } from 'node:http';
import { platformError } from '../../errors/errors';
import { newContext } from '../../telemetry/context';
import { problemOf } from '../problem';
import type { Product } from '../product';
import type { Admission } from './overload';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Asked by machines that supervise the process: they must learn how it is when it has too much to do. */
const supervision = /^\/(healthz|readyz|metrics)(\?|$)/;
/** By convention the last part of a stream's path. */
const stream = /\/stream(\?|$)/;

/**
 * Answers the requests that are taken on, and refuses the others before anything is done for them: 503, `overloaded`.
 * Streams are not counted, as they would take their places for hours; each caller has its own limit for them.
 */
export function admitting(admission: Admission, product: Product, answer: Answer): Answer {
  return (request, response) => {
    const { url = '/' } = request;
    if (supervision.test(url) || stream.test(url)) {
      answer(request, response);
      return;
    }
    const leave = admission.enter();
    if (!leave) {
      refuse(request, response, product);
      return;
    }
    response.once('close', leave);
    answer(request, response);
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, product: Product): void {
  const { correlationId } = newContext();
  const [instance = '/'] = (request.url ?? '/').split('?');
  const problem = problemOf(platformError('overloaded', 'Try again in a moment'), { instance, correlationId, product });
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'retry-after': '1',
    'x-correlation-id': correlationId,
  });
  response.end(JSON.stringify(problem));
}
