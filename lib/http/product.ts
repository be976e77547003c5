import type { ApiDescription } from './openapi/description';

/** The platform as it appears in documents, pages and problems. */
export interface Product {
  readonly name: string;
  /** One sentence, for the OpenAPI document. */
  readonly description: string;
  readonly api?: ApiDescription;
  /** The type of a problem (RFC 9457) is this URL, a slash, and the code of the error. It must never change. */
  readonly problems: string;
}
