import { roles } from '../../contracts/http/roles';
import { scopes, type Scope } from '../../contracts/http/scopes';
import type { RouteRule } from './routes';

const roleNames = Object.keys(roles) as (keyof typeof roles)[];
const holds = (role: keyof typeof roles, scope: Scope): boolean =>
  (roles[role].scopes as readonly Scope[]).includes(scope);

/** docs/reference/authorization.md: who may do what, from the table of roles and the routes themselves. */
export const authorizationPage = (rules: readonly RouteRule[]): string => `# Authorisation

Who may do what through the API. A role is a bundle of scopes, and each route requires one scope. This page is written by
\`npm run docs:authorization\` from \`contracts/http/roles.ts\`, \`contracts/http/scopes.ts\` and the declarations of the routes; \`npm run check\`
fails when it is out of date, or when a route has no rule. A test asks every route as every role.

Without a valid token a request gets 401; without the scope 403, whatever it asks for. A bearer of a role that reaches only _own_
things sees and changes what belongs to their user id (\`mayActFor\` in \`lib/http/auth.ts\`); what belongs to others does not exist
for them: 404, or an empty list. Only \`POST /orders\` for another user is answered with 403.

How a token gets its role: [use your identity provider](../how-to/use-your-identity-provider.md).

## Roles

${table(
  ['role', 'who', 'reaches'],
  roleNames.map((name) => [`\`${name}\``, roles[name].description, roles[name].reach]),
)}

If a token has several roles, the one that stands last here counts.

## Scopes

${table(
  ['scope', 'allows to', ...roleNames],
  (Object.keys(scopes) as Scope[]).map((scope) => [
    `\`${scope}\``,
    `${scopes[scope].charAt(0).toLowerCase()}${scopes[scope].slice(1)}`,
    ...roleNames.map((role) => (holds(role, scope) ? (roles[role].reach === 'own' ? 'own' : '✓') : '')),
  ]),
)}

## Routes

${table(
  ['route', 'does', 'requires'],
  rules.map(({ name, summary, requires }) => [
    `\`${name}\``,
    summary,
    { signed: 'a signature', link: 'the token of a link' }[requires as string] ?? `\`${requires}\``,
  ]),
)}

Not in the table, and open to everyone: \`/\`, \`/console\`, \`/docs\`, \`/openapi.json\`, \`/asyncapi.json\`, \`/.well-known/jwks.json\`, \`/healthz\`, \`/readyz\`, and
\`/metrics\` unless \`INTERNAL_PORT\` is set.
`;

/** A table of Markdown, as prettier formats it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
