import { describeExchanges } from '../lib/events/asyncapi';
import type { JsonSchema } from '../lib/events/json-schema';
import { exchanges } from './events';

/** What Sagaworks publishes, as an AsyncAPI 3.0 document. */
export const asyncApiDocument = (): JsonSchema =>
  describeExchanges(Object.values(exchanges), {
    title: 'Sagaworks events',
    description:
      'Events, delivered at least once, in order within a stream. docs/how-to/subscribe.md says what a subscriber must do.',
  });
