/** The three systems that the platform stands on. */
export const systems = ['postgres', 'rabbitmq', 'temporal'] as const;
export type System = (typeof systems)[number];

/** Where they answer. */
export interface Endpoints {
  /** PostgreSQL's administrator. */
  databaseUrl: string;
  rabbitmqUrl: string;
  rabbitmqManagementUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
}
