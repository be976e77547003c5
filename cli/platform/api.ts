import { apiUrl, operatorToken } from './addresses';
import { send } from './send';

/** The platform's HTTP interface, as an operator. */
export interface Api {
  /** @returns the answer's JSON. @throws CommandFailure with one line for people, whatever went wrong. */
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/** The API of the platform, with an operator's token. @throws Error when its address or the token is unknown. */
export function connectApi(): Api {
  const url = apiUrl();
  const headers = { authorization: `Bearer ${operatorToken()}` };
  return {
    get: (path) => send(url, path, { headers }),
    post: (path, body) => send(url, path, { headers, body: JSON.stringify(body) }),
  };
}
