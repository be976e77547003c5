import { z } from 'zod';
import { anyCaseId } from '../../ids/ids';

/** Skipping a step, or resolving it by hand, needs a reason. */
export const sagaDecision = z
  .strictObject({
    action: z.enum(['retry', 'skip', 'resolve']),
    /** Decides only if the saga still waits at this step. */
    step: z.string().min(1).max(100).optional(),
    reason: z.string().min(1).max(500).optional(),
    result: z.unknown().optional(),
  })
  .refine(({ action, reason }) => action === 'retry' || reason !== undefined, {
    message: 'a reason is needed to skip or resolve a step',
    path: ['reason'],
  });
export type SagaDecision = z.infer<typeof sagaDecision>;

export const sagaRestart = z.strictObject({ reason: z.string().min(1).max(500) });

/**
 * Requests and responses about sagas.
 * @param subject the name of the field with the id of a saga's subject, as `noteId`.
 */
export function sagaContract(subject: string) {
  const saga = {
    workflowId: z.string(),
    ...named(subject, z.string()),
    execution: z.string(),
    status: z.string().optional(),
    /** The activity that waits for an operator. */
    stuckStep: z.string().optional(),
    startedAt: z.iso.datetime(),
  };
  return {
    params: z.strictObject(named(subject, anyCaseId)),
    /** Sagas that wait for an operator. */
    sagas: z.strictObject({ items: z.array(z.strictObject(saga)) }),
    saga: z.strictObject({
      ...saga,
      undos: z.array(z.string()),
      stuck: z.strictObject({ step: z.string(), why: z.string(), since: z.iso.datetime() }).optional(),
    }),
    decided: z.strictObject({ ...named(subject, z.string()), action: z.string() }),
  };
}

const named = <Schema>(name: string, schema: Schema): Record<string, Schema> => ({ [name]: schema });

/** `GET /ops/sagas`, without the ids of subjects. */
export interface SagasResponse {
  items: Saga[];
}

/** `GET /ops/sagas/:id`, without the id of the subject. */
export interface SagaResponse extends Saga {
  undos: string[];
  stuck?: { step: string; why: string; since: string };
}

interface Saga {
  workflowId: string;
  execution: string;
  status?: string;
  stuckStep?: string;
  startedAt: string;
}
