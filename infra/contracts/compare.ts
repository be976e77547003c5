type Schema = Record<string, unknown>;

/** What was published in a version once, and now: a released version never changes. */
export interface Break {
  event: string;
  field: string;
  what: string;
  todo: string;
}

const newVersion = 'leave this version as it is and add a new one with an upcaster';

/**
 * Compares a schema that was released with what it is now. An event that was written in this version must still be
 * understood, and its readers must still find what was promised; so hardly anything may change within a version.
 */
export function breaks(event: string, before: Schema, now: Schema, field = '$'): Break[] {
  const broken = (what: string): Break[] => [{ event, field, what, todo: newVersion }];
  const found: Break[] = [];
  if (!same(before['type'], now['type'])) {
    found.push(...broken(`its type was ${show(before['type'])} and is ${show(now['type'])}`));
  }
  for (const keyword of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (explained.has(keyword) || same(before[keyword], now[keyword])) continue;
    found.push(...broken(`its ${keyword} was ${show(before[keyword])} and is ${show(now[keyword])}`));
  }
  found.push(...enumBreaks(before, now).flatMap(broken));
  found.push(...objectBreaks(event, before, now, field));
  if (isSchema(before['items']) && isSchema(now['items'])) {
    found.push(...breaks(event, before['items'], now['items'], `${field}[]`));
  }
  return found;
}

/**
 * What keeps readers of an older version from reading a newer one. They leave out what they do not know, so only what
 * they do know is compared.
 */
export const misreadings = (event: string, older: Schema, newer: Schema): Break[] =>
  breaks(event, older, asKnownTo(older, newer)).map((found) => ({ ...found, todo: 'take its "readableFrom" back' }));

/** A newer schema without the fields, and without the demands for fields, that a reader of the older one does not know. */
function asKnownTo(older: Schema, newer: Schema): Schema {
  const [known, now] = [fieldsOf(older), fieldsOf(newer)];
  const properties = Object.fromEntries(
    Object.entries(now).flatMap(([name, schema]) => {
      const before = known[name];
      return before ? [[name, asKnownTo(before, schema)]] : [];
    }),
  );
  const required = listOf(newer['required']).filter((name) => listOf(older['required']).includes(name));
  const items = isSchema(older['items']) && isSchema(newer['items']) && asKnownTo(older['items'], newer['items']);
  return {
    ...newer,
    ...(isSchema(newer['properties']) ? { properties } : {}),
    ...(newer['required'] === undefined ? {} : { required }),
    ...(items ? { items } : {}),
  };
}

/** What is compared in words of its own, or means nothing to a program. Anything else must not change at all. */
const explained = new Set(['type', 'enum', 'properties', 'required', 'items', 'title', 'description', '$schema']);

function enumBreaks(before: Schema, now: Schema): string[] {
  const [had, has] = [listOf(before['enum']), listOf(now['enum'])];
  const gone = had.filter((value) => !has.includes(value));
  const added = has.filter((value) => !had.includes(value));
  return [
    ...gone.map((value) => `it could be ${show(value)} and no longer can: who wrote that is not understood`),
    ...added.map((value) => `it can be ${show(value)} now: readers do not know that`),
  ];
}

function objectBreaks(event: string, before: Schema, now: Schema, field: string): Break[] {
  const [had, has] = [fieldsOf(before), fieldsOf(now)];
  const [must, mustNow] = [listOf(before['required']), listOf(now['required'])];
  const at = (name: string): string => `${field}.${name}`;
  const found: Break[] = [];
  for (const [name, schema] of Object.entries(had)) {
    const other = has[name];
    if (!other) found.push({ event, field: at(name), what: 'it was taken out: readers look for it', todo: newVersion });
    else found.push(...breaks(event, schema, other, at(name)));
    if (other && must.includes(name) && !mustNow.includes(name)) {
      found.push({
        event,
        field: at(name),
        what: 'it is optional now: readers rely on it',
        todo: newVersion,
      });
    }
  }
  const isStrict = before['additionalProperties'] === false;
  const tell = (name: string, what: string): number => found.push({ event, field: at(name), what, todo: newVersion });
  for (const name of Object.keys(has)) {
    const isNew = !Object.hasOwn(had, name);
    if (mustNow.includes(name) && !must.includes(name))
      tell(name, 'it must be there now: what was written may lack it');
    else if (isNew && isStrict) tell(name, 'it is new: readers of this version refuse unknown fields');
  }
  return found;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const fieldsOf = ({ properties }: Schema): Record<string, Schema> =>
  isSchema(properties) ? (properties as Record<string, Schema>) : {};
const show = (value: unknown): string => (value === undefined ? 'not limited' : JSON.stringify(value));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
