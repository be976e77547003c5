import { expected, type Api } from './api';

/** A link that signs in to the console as the bearer of the API's token, once and within ten minutes. */
export async function consoleLink(apiUrl: string, api: Api): Promise<string> {
  const { code } = expected(await api.post<{ code: string }>('/console/codes', {}), 201);
  // Behind the #, which browsers do not send: it is in no log.
  return `${apiUrl}/console/demo#code=${code}`;
}
