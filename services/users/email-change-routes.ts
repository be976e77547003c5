import { createRoute, z } from '@hono/zod-openapi';
import { linkParameter } from '../../contracts/email-change';
import type { AppContext } from '../../lib/http/env';
import { linkedRequest } from '../../lib/http/linked';
import { createRoutes, problems } from '../../lib/http/routes';
import { askedPage, changedPage, languageOf } from './email-change-pages';
import type { EmailChanges } from './email-changes';

const path = '/email-changes';
const tag = { path, tags: ['users'], ...linkedRequest };
const request = {
  query: z.strictObject({ [linkParameter]: z.string().regex(/^[\w-]{43}$/, 'the token of the link') }),
};
const page = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });

const askChange = createRoute({
  operationId: 'showEmailChange',
  ...tag,
  method: 'get',
  summary: 'Show the page of a link that confirms an e-mail address',
  description: 'It changes nothing yet: programs that look into e-mails follow links as well.',
  request,
  responses: { 200: page('A page with a button'), ...problems(400, 401) },
});

const confirmChange = createRoute({
  operationId: 'confirmEmailChange',
  ...tag,
  method: 'post',
  summary: 'Confirm an e-mail address with the token of a link; it works once',
  request,
  responses: { 200: page('The address has been changed'), ...problems(400, 401, 409) },
});

/** The routes behind the link that is sent to a new e-mail address; whoever has the link may use them. */
export function createEmailChangeRoutes({ ownerOf, confirm }: Pick<EmailChanges, 'ownerOf' | 'confirm'>) {
  const routes = createRoutes();

  routes.openapi(askChange, async (c) => {
    const token = c.req.valid('query')[linkParameter];
    await ownerOf(token);
    const asked = askedPage(preferred(c), `${path}?${linkParameter}=${token}`);
    return c.html(asked, 200, noReferrer);
  });

  routes.openapi(confirmChange, async (c) => {
    const token = c.req.valid('query')[linkParameter];
    // For the event and the log: whose change it is has the link.
    c.get('context').actor = await ownerOf(token);
    await confirm(token);
    return c.html(changedPage(preferred(c)), 200, noReferrer);
  });

  return routes;
}

const preferred = (c: AppContext) => languageOf(c.req.header('accept-language'));

/** The address of the page has the token. */
const noReferrer = { 'referrer-policy': 'no-referrer' };
