import { z } from 'zod';
import { isCountry } from './countries';

const text = z.string().trim().min(1).max(200);

/** Where a parcel goes, as events have it: also to countries that no request can name any more. */
export const address = z.strictObject({
  name: text,
  line1: text,
  city: text,
  postalCode: z.string().trim().min(1).max(20),
  country: z.string().regex(/^[A-Z]{2}$/, { error: 'an ISO 3166 code such as DE', abort: true }),
});

/** Where a request wants a parcel to go. Codes in lower case are refused, not guessed at. */
export const requestedAddress = z.strictObject({
  ...address.shape,
  country: address.shape.country.refine(isCountry, 'no country has this code (ISO 3166-1 alpha-2)'),
});

export type Address = z.infer<typeof address>;
