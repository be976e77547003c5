import { z } from 'zod';

/** The values of a setting, as a person writes them. */
export interface Values {
  isRequired: boolean;
  /** Empty when there is none. */
  default: string;
  /** Such as `0 to 65535`; empty when the meaning says it. */
  allowed: string;
}

/** What the schema of a setting says of its values. */
export function valuesOf(schema: z.core.$ZodType): Values {
  const json = inputOf(schema);
  const unset = z.safeParse(schema, undefined);
  return {
    isRequired: !unset.success,
    default: textOf(json.default) || (unset.success ? textOf(unset.data) : ''),
    allowed: isSwitch(schema) ? '`true`, `false`' : allowedBy(json),
  };
}

function inputOf(schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  // A default that is a function, as that of trusted proxies, cannot be shown, and is refused there.
  const inner =
    schema instanceof z.ZodDefault && typeof schema.def.defaultValue === 'function' ? schema.unwrap() : schema;
  return z.toJSONSchema(inner, { io: 'input', unrepresentable: 'any' });
}

/** Lists are separated by commas; anything else has no short text. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? value.join(',') : '';
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** Both words are understood, and no other. */
const isSwitch = (schema: z.core.$ZodType): boolean =>
  z.safeParse(schema, 'true').data === true && z.safeParse(schema, 'false').data === false;

function allowedBy({ enum: words, type, minimum, maximum, format }: z.core.JSONSchema.BaseSchema): string {
  if (words) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (type === 'integer') return `${minimum ?? '…'} to ${isUnlimited(maximum) ? '…' : maximum}`;
  return format === 'uri' ? 'a URL' : format === 'email' ? 'an e-mail address' : '';
}

const isUnlimited = (maximum: number | undefined): boolean =>
  maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER;
