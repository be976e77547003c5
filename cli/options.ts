import { readFileSync } from 'node:fs';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { serviceNames } from './service-names';

/** An option with a few possible values, which the help and the completion name. */
export const choice = (flags: string, description: string, values: readonly string[]): Option =>
  new Option(flags, description).choices(values);

/** A service, as this checkout has them. The platform decides: it may be another release. */
export function serviceArgument(flags: string, description: string): Argument {
  const argument = new Argument(flags, description);
  argument.argChoices = serviceNames();
  return argument;
}

/** Parses a number from `least` to `most`. */
export const number =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  };

/** Parses a whole number from `least` to `most`. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = number(least, most)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };

export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${(error as Error).message}.`);
  }
}

export function jsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read as JSON: ${(error as Error).message}.`);
  }
}

const milliseconds = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses an age such as `90s`, `30m`, `2h` or `7d`, in milliseconds. */
export function age(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count && unit) return Number(count) * milliseconds[unit as keyof typeof milliseconds];
  throw new InvalidArgumentError('Give a number and s, m, h or d, such as 2h.');
}

/** Parses two versions such as `1..3`. */
export function versionRange(text: string): [number, number] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return [Number(from), Number(to)];
  throw new InvalidArgumentError('Give two versions as a..b, such as 1..2.');
}
