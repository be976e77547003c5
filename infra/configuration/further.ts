/** A variable whose name contains that of a service or database, or that no process of the platform reads. */
export interface FurtherVariable {
  name: string;
  readBy: string;
  meaning: string;
  isSecret?: boolean;
  example?: string;
}

/** For each service or database; `<X>` is its name in capitals. */
export const derivedVariables: readonly FurtherVariable[] = [
  {
    name: '<DATABASE>_DATABASE_URL',
    readBy: 'processes of the service, `provision`, `migrate`',
    meaning:
      'The database, and the role that the process works as. Required by processes that run a part of the service.',
    isSecret: true,
    example: 'ORDERS_DATABASE_URL=postgres://orders:password@db.example:5432/orders',
  },
  {
    name: '<DATABASE>_DATABASE_OWNER_URL',
    readBy: '`provision`, `migrate`',
    meaning:
      'The same database as the role that owns it. Leave it out of processes that serve requests ([protect the log](how-to/protect-the-log.md)).',
    isSecret: true,
    example: 'ORDERS_DATABASE_OWNER_URL=postgres://orders_owner:password@db.example:5432/orders',
  },
  {
    name: '<SERVICE>_RABBITMQ_LOGIN',
    readBy: 'processes of the service, `provision`',
    meaning: '`user:password` of the service at the broker of `RABBITMQ_URL`; without it, the user of `RABBITMQ_URL`.',
    isSecret: true,
    example: 'ORDERS_RABBITMQ_LOGIN=sagaworks-orders:password',
  },
];

/** Read before the settings of a process, or by commands alone. */
export const commandVariables: readonly FurtherVariable[] = [
  {
    name: 'SECRETS_DIRECTORY',
    readBy: '`sagaworks`, every command',
    meaning:
      'A folder, or several separated by colons: each file in it that is named like a secret setting is that secret, as `<NAME>_FILE` would name it.',
    example: 'SECRETS_DIRECTORY=/run/sagaworks',
  },
  {
    name: 'DATABASE_URL',
    readBy: '`provision`, `npm start`, `npm test`',
    meaning: 'The PostgreSQL server, as an administrator who may create databases and roles.',
    isSecret: true,
    example: 'DATABASE_URL=postgres://postgres:password@db.example:5432/postgres',
  },
  {
    name: 'SAGAWORKS_COMMIT',
    readBy: 'every process, `--version`',
    meaning: 'The commit that the image was built from; set by the image.',
  },
  {
    name: 'SAGAWORKS_URL',
    readBy: 'commands that use the API',
    meaning: 'The address of the API.',
    example: 'SAGAWORKS_URL=https://shop.example',
  },
  {
    name: 'SAGAWORKS_TOKEN',
    readBy: 'commands that use the API',
    meaning: 'The bearer token of an operator.',
    isSecret: true,
  },
  {
    name: 'TEMPORAL_UI_URL',
    readBy: '`sagas`, `npm start`',
    meaning: "The address of Temporal's Web UI, for links.",
  },
  {
    name: 'SAGAWORKS_STACK',
    readBy: '`npm start`, `npm test`',
    meaning: '`docker` or `native`: where the systems come from that the environment does not name.',
  },
  {
    name: 'MAIL_URL',
    readBy: '`npm start`',
    meaning: 'Where a person reads the e-mails that go to `SMTP_URL`.',
  },
];
