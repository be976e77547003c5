import type { IncomingMessage, ServerResponse } from 'node:http';
import { platformError } from '../../errors/errors';
import { newContext } from '../../telemetry/context';
import type { Metrics } from '../../telemetry/metrics';
import { problemOf } from '../problem';
import type { Product } from '../product';
import type { Admission } from './overload';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Probes and metrics must work under overload. */
const supervision = /^\/(healthz|readyz|metrics)(\?|$)/;
/** By convention, the path of a stream ends with `/stream`. */
const stream = /\/stream(\?|$)/;

/**
 * Passes admitted requests on, and refuses the others before any work is done for them: 503, `overloaded`. Streams are not
 * counted, because they stay open for hours; they have a limit per caller instead.
 */
export function admitting(
  listener: Listener,
  { admission, product, metrics }: { admission: Admission; product: Product; metrics: Metrics },
): Listener {
  const refused = metrics.counter('http_overloaded_total', 'Requests refused because of overload', []);
  return (request, response) => {
    const { url = '/' } = request;
    if (supervision.test(url) || stream.test(url)) {
      listener(request, response);
      return;
    }
    const leave = admission.enter();
    if (!leave) {
      refused.inc();
      refuse(request, response, product);
      return;
    }
    response.once('close', leave);
    listener(request, response);
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
