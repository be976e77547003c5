import type { ReviewRequest } from '../../contracts/http/orders';
import type { Review } from '../../contracts/saga/messages';

/** What a saga is told of a review: its note stays in the audit log. */
export const withoutNote = ({ decision, message }: ReviewRequest): Review => ({
  decision,
  ...(message === undefined ? {} : { message }),
});
