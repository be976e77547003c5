/** What documents, pages and problems call the platform that is served. */
export interface Product {
  readonly name: string;
  /** One sentence, for the OpenAPI document. */
  readonly description: string;
  /** The types of problems (RFC 9457) are this URL, a slash, and the code of the error. It never changes. */
  readonly problems: string;
}
