import { z } from 'zod';

const text = z.string().trim().min(1).max(200);

/** Where a parcel goes. */
export const address = z.strictObject({
  name: text,
  line1: text,
  city: text,
  postalCode: z.string().trim().min(1).max(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code such as DE'),
});

export type Address = z.infer<typeof address>;
