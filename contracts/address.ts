import { z } from 'zod';
import { isCountry } from './countries';
import { requestedLine } from './text';

const text = z.string().trim().min(1).max(200);

/** The address of a parcel in events, including countries that requests can no longer name. */
export const address = z.strictObject({
  name: text,
  line1: text,
  city: text,
  postalCode: z.string().trim().min(1).max(20),
  country: z.string().regex(/^[A-Z]{2}$/, { error: 'must be an ISO 3166 code such as DE', abort: true }),
});

/** The address of a parcel in a request. Codes in lower case are refused, not guessed. */
export const requestedAddress = z.strictObject({
  name: requestedLine(200),
  line1: requestedLine(200),
  city: requestedLine(200),
  postalCode: requestedLine(20),
  country: address.shape.country.refine(isCountry, 'is not the code of a country (ISO 3166-1 alpha-2)'),
});

export type Address = z.infer<typeof address>;
