/** The platform as its users see it: plain HTTP with a bearer token. */
export interface Api {
  get<T>(path: string): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
}

export interface Answer<T> {
  status: number;
  body: T;
}

export function createApi(url: string, token: string): Api {
  const call = async <T>(
    path: string,
    request: RequestInit = {},
    more: Record<string, string> = {},
  ): Promise<Answer<T>> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
    const response = await fetch(url + path, { ...request, headers });
    return { status: response.status, body: (await response.json()) as T };
  };
  return {
    get: (path) => call(path),
    post: (path, body, headers) => call(path, { method: 'POST', body: JSON.stringify(body) }, headers),
  };
}

/** The body of an answer that must have this status. @throws Error with the answer otherwise. */
export function expected<T>({ status, body }: Answer<T>, wanted: number): T {
  if (status !== wanted) throw new Error(`The API answered ${status} instead of ${wanted}: ${JSON.stringify(body)}`);
  return body;
}
