/**
 * What this platform's own names begin with wherever other systems keep them: headers of messages, RabbitMQ's policies,
 * PostgreSQL's notification channels, Temporal's deployment, metrics. Changed once, when the platform is copied; never
 * on a running one, whose queues and histories hold it.
 */
export const namespace = 'sagaworks';
