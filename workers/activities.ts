import { activities } from '../activities';
import { createActivityWorker } from '../lib/temporal/worker';
import { temporalOf, type Platform } from './platform/platform';

/** Starts the worker for the saga steps of a service; nothing for a service without steps. */
export async function startActivities(platform: Platform, name: string, service: unknown): Promise<void> {
  const own = activities.find((one) => one.service === name);
  if (!own) return;
  const steps = own.stepsOf(service);
  for (const [activity, step] of Object.entries(steps)) platform.steps.set(activity, step);
  const worker = await createActivityWorker({
    temporal: temporalOf(platform),
    taskQueue: own.taskQueue,
    activities: steps,
  });
  worker.start();
  platform.lifecycle.onStop(`${name} activities`, () => worker.stop());
}
