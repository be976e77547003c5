import { leavesOf, type Operation } from '../support/openapi';
import type { Instead, RouteRequests } from '../support/route-requests';

// What people and machines send by mistake or on purpose.

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
/** As JSON text; none of it may stand anywhere. */
const neverText = [String.raw`"a\u0000b"`, String.raw`"\ud800"`, String.raw`{"\udfff":1}`, deep(50_000)];
/** As JSON text; some of it may stand somewhere. */
const strange = [
  'null',
  '""',
  '1e999',
  '-1',
  '9007199254740993',
  '1.5',
  '[]',
  '{}',
  `"${'x'.repeat(2_000)}"`,
  '"\\u202e"',
];
const strangeTimes = ['"0000-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999Z"', '"2026-02-30T00:00:00Z"'];
const neverInUrl = ['%00', '%EF%BF%BD', 'a%00b'];
const strangeInUrl = [
  '%',
  '%ED%A0%80',
  '-1',
  '1e308',
  '9007199254740991',
  '99999999999999999999',
  '..',
  '%2e%2e%2f',
  "'",
  'a,b',
];
const strangeHeaders: Record<string, string>[] = [
  ...['x', '/', '0-0', '9'.repeat(40), `${'9'.repeat(18)}-${'9'.repeat(15)}`].map((id) => ({ 'last-event-id': id })),
  ...['a b', 'é'.repeat(9), 'x'.repeat(300)].map((id) => ({ 'x-correlation-id': id, 'idempotency-key': id })),
  ...['00-0-0-01', 'ff-' + '0'.repeat(60), '\u00ff'].map((traceparent) => ({ traceparent })),
  ...['', ';q=x', 'text/csv;q=', '*/*;q=-1', 'a/b,'.repeat(500)].map((accept) => ({ accept })),
];

/** Requests to a route with one part of each replaced, and whether it must be refused. */
export function attacks(
  operation: Operation,
  requests: Pick<RouteRequests, 'bodyWith'>,
): { instead: Instead; isRefused: boolean }[] {
  const inUrl = operation.parameters.filter((one) => one.in !== 'header');
  const times = strangeTimes.map((text) => encodeURIComponent(text.slice(1, -1)));
  return [
    ...inUrl.flatMap(({ name }) => [
      ...neverInUrl.map((text) => ({ instead: { parameters: { [name]: text } }, isRefused: true })),
      ...[...strangeInUrl, ...times].map((text) => ({ instead: { parameters: { [name]: text } }, isRefused: false })),
    ]),
    ...leavesOf(operation.body ?? {}).flatMap(({ place }) => {
      const put = (text: string) => ({
        body: requests.bodyWith(operation, [{ place, value: marker }]).replace(`"${marker}"`, text),
      });
      return [
        ...neverText.map((text) => ({ instead: put(text), isRefused: true })),
        ...[...strange, ...strangeTimes].map((text) => ({ instead: put(text), isRefused: false })),
      ].filter(() => operation.body !== undefined);
    }),
    ...strangeHeaders.map((headers) => ({ instead: { headers }, isRefused: false })),
  ];
}
const marker = 'to be replaced';
