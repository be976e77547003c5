/** The systems that the platform stands on; `mail` is where its e-mails go. */
export const systems = ['postgres', 'rabbitmq', 'temporal', 'mail'] as const;
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
  smtpUrl: string;
  /** Where a person reads the e-mails; undefined when SMTP_URL names a server whose inboxes we do not know. */
  mailUrl?: string;
}
