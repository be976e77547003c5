import { z } from 'zod';
import { anyCaseId, id } from '../../ids/ids';

/** `POST /ops/api-keys`. @param scopes that there are. */
export const createKeyRequest = (scopes: readonly string[]) =>
  z.strictObject({
    name: z.string().regex(/^[\w .-]{1,100}$/, 'letters, digits, spaces, dots, dashes and underscores'),
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    expiresInDays: z.int().min(1).max(730).default(90),
  });

const apiKey = z.strictObject({
  keyId: id,
  name: z.string(),
  prefix: z.string().describe('The beginning of the key, to tell keys apart'),
  scopes: z.array(z.string()),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
});

export const createdKeyResponse = apiKey.extend({
  key: z.string().describe('Shown only now: send it as bearer token'),
});
export type CreatedKeyResponse = z.infer<typeof createdKeyResponse>;

/** `GET /ops/api-keys`: newest first. */
export const keysResponse = z.strictObject({ items: z.array(apiKey) });
export type KeysResponse = z.infer<typeof keysResponse>;

export const keyParams = z.strictObject({ keyId: anyCaseId });
export const revokedKeyResponse = z.strictObject({ keyId: id, revokedAt: z.iso.datetime() });
