import type { z } from 'zod';
import { platformConfig, variableOf, type PlatformConfig } from './config';
import { bridgeName, serviceParts, type Assignment, type DatabaseName } from './roles';
import { services } from './services';

/**
 * What a process of these roles must be told: the platform's variables and those of its services, as one schema, so that
 * all problems are printed together. Only what the roles use is required.
 */
export function configFor(assigned: Assignment): z.ZodType<PlatformConfig> {
  const whole = services.reduce((all, { settings }) => all.extend(settings) as typeof all, platformConfig);
  const { shape } = whole;
  const required: z.ZodRawShape = {
    ...Object.fromEntries(
      databasesFor(assigned).map((name) => {
        const variable = variableOf(name, 'DATABASE_URL');
        return [variable, shape[variable].unwrap()];
      }),
    ),
    ...(needsTemporal(assigned) ? { TEMPORAL_ADDRESS: shape.TEMPORAL_ADDRESS.unwrap() } : {}),
  };
  return whole.extend(required) as typeof whole;
}

/** Sagas run on it and are started there, and every service that has events of its own has a part in them. */
export const needsTemporal = (assigned: Assignment): boolean =>
  assigned.bridge || assigned.saga || servicesOf(assigned).some(({ exchange }) => exchange);

function databasesFor(assigned: Assignment): DatabaseName[] {
  const names: DatabaseName[] = servicesOf(assigned).map(({ name }) => name);
  if (names.includes('payments')) names.push('gateway');
  if (assigned.bridge) names.push(bridgeName);
  return names;
}

/** The services of which the process runs a part. */
const servicesOf = (assigned: Assignment) =>
  services.filter(({ name }) => serviceParts.some((part) => assigned.runs(name, part)));
