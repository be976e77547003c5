/** What is used of a problem (RFC 9457); the status is 0 when there was no answer. */
interface Problem {
  status: number;
  code: string;
  detail: string;
  correlationId?: string;
}

/** The API refused a request, or did not answer it. */
export class RequestRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The refusal that a response carries; a proxy may answer something other than a problem. */
export async function refusalOf(response: Response): Promise<RequestRefused> {
  const { status } = response;
  const detail = `The answer was ${status}`;
  const told = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new RequestRefused({ code: 'unknown', detail, ...told, status });
}

/** An error in one sentence, for a reader. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
