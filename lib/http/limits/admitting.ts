import type { IncomingMessage, ServerResponse } from 'node:http';
import { platformError } from '../../errors/errors';
import { newContext } from '../../telemetry/context';
import type { Metrics } from '../../telemetry/metrics';
import { isProbe } from '../health';
import { problemOf } from '../problem';
import type { Product } from '../product';
import type { Admission } from './overload';

export interface AdmittingOptions {
  admission: Admission;
  product: Product;
  metrics: Metrics;
  /** How long a refusal is held back. */
  refuseAfterMs?: number;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** By convention, the path of a stream ends with `/stream`. */
const stream = /\/stream$/;

/**
 * How long a refusal is held back. A client that asks again at once, whatever `Retry-After` says, would otherwise keep the
 * process busy with refusals alone.
 */
const defaultRefuseAfterMs = 250;

/**
 * Passes admitted requests on, and refuses the others before any work is done for them: 503, `overloaded`. Streams are not
 * counted, because they stay open for hours; they have a limit per caller instead.
 */
export function admitting(
  listener: Listener,
  { admission, product, metrics, refuseAfterMs = defaultRefuseAfterMs }: AdmittingOptions,
): Listener {
  const refused = metrics.counter('http_overloaded_total', 'Requests refused because of overload', []);
  const refuse = refusing(product);
  return (request, response) => {
    const path = pathOf(request);
    if (isProbe(path) || stream.test(path)) {
      listener(request, response);
      return;
    }
    const leave = admission.enter(request.socket);
    if (!leave) {
      refused.inc();
      const held = setTimeout(() => refuse(path, response), refuseAfterMs);
      response.once('close', () => clearTimeout(held));
      return;
    }
    response.once('close', leave);
    listener(request, response);
  };
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? url;

/** Refuses at little cost, because in overload most requests are refused: all but two members of the problem are constant. */
function refusing(product: Product): (instance: string, response: ServerResponse) => void {
  const unknown = { instance: '', correlationId: '' };
  const problem = problemOf(platformError('overloaded', 'Try again in a moment'), { ...unknown, product });
  return (instance, response) => {
    const { correlationId } = newContext();
    const body = JSON.stringify({ ...problem, instance, correlationId });
    response.writeHead(problem.status, {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      'retry-after': '1',
      'x-correlation-id': correlationId,
    });
    response.end(body);
  };
}
