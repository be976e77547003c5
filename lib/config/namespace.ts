/**
 * The prefix of this platform's names in other systems: message headers, RabbitMQ policies, PostgreSQL notification
 * channels, the Temporal deployment, metrics. Change it once, when you copy the platform; never on a running one, whose
 * queues and histories contain it.
 */
export const namespace = 'sagaworks';
