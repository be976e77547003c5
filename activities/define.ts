import type { ServiceModule } from '../lib/service/define-service';

/** The steps of sagas that a service carries out, and the task queue that they wait on. */
export interface ServiceActivities {
  /** The service's name. */
  service: string;
  taskQueue: string;
  /** @throws when the service's module composes no service. */
  stepsOf(service: unknown): object;
}

/** Declares the steps of a service as calls into it. @param taskQueue as sagas name it. */
export const defineActivities = <Service>(
  { name }: ServiceModule<Service>,
  taskQueue: string,
  steps: (service: Service) => object,
): ServiceActivities => ({
  service: name,
  taskQueue,
  stepsOf: (service) => {
    if (service === undefined) throw new Error(`services/${name}/module.ts composes no service for its steps to call`);
    // It is what the module composed, and the module says of which type that is.
    return steps(service as Service);
  },
});
