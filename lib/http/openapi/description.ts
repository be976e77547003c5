import type { z } from 'zod';

/** What the OpenAPI document says besides the routes; everything else follows from them. */
export interface ApiDescription {
  /** Conventions that hold for every operation, as Markdown. */
  readonly conventions: string;
  readonly license: { readonly name: string; readonly identifier: string };
  readonly contact: { readonly name: string; readonly url: string };
  /** Addresses besides that of the document itself. */
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  /** What each tag stands for, in the order in which pages show them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Schemas by the name that clients get for them, wherever they occur. The others are named after their operation. */
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  /** Request bodies by the name of their schema, which they conform to. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** Values of parameters by name. */
  readonly parameterExamples: Readonly<Record<string, string>>;
}

/** For an app that says nothing about itself. */
export const noDescription: ApiDescription = {
  conventions: '',
  license: { name: 'MIT', identifier: 'MIT' },
  contact: { name: 'Maintainers', url: 'https://example.com' },
  servers: [],
  tags: {},
  schemas: {},
  examples: {},
  parameterExamples: {},
};
