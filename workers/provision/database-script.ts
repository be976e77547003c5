import { escapeIdentifier, escapeLiteral } from 'pg';

/** Stands on every database that is ours. */
export const databaseMark = 'Sagaworks';

/** A role, with what PostgreSQL stores of its password. */
export interface WantedRole {
  role: string;
  verifier: string;
}

/** A database, the role that its processes work as, and the role that owns it and runs its migrations. */
export interface WantedDatabase {
  database: string;
  running: WantedRole;
  owner: WantedRole;
}

/** A statement of an administrator. All can be repeated. */
export interface AdminStatement {
  sql: string;
  /** It is run only if this query, in any database of the server, returns no row. */
  unless?: string;
  /** Where it is run; default: in any database of the server. */
  inside?: string;
}

/**
 * Makes a database with its two roles, which alone can enter it. A database that its running role owns is handed to the
 * owner, with all that is in it. A database of that name which belongs to somebody else fails, and is not changed.
 */
export function databaseStatements({ database, running, owner }: WantedDatabase): AdminStatement[] {
  const [name, worker, owns] = [database, running.role, owner.role].map(escapeIdentifier) as [string, string, string];
  const isNamed = `datname = ${escapeLiteral(database)}`;
  const ownedBy = (role: string): string =>
    `select from pg_database where ${isNamed} and pg_get_userbyid(datdba) = ${escapeLiteral(role)}`;
  return [
    { sql: refuseForeign(database, [running.role, owner.role]) },
    ...roleStatements(running),
    ...roleStatements(owner),
    // An administrator that is no superuser, as those of managed servers, gives a database only to a role that it is in.
    {
      sql: `grant ${owns} to current_user`,
      unless: `select where pg_has_role(current_user, ${escapeLiteral(owner.role)}, 'usage')`,
    },
    {
      sql: `create database ${name} owner ${owns} template template0`,
      unless: `select from pg_database where ${isNamed}`,
    },
    { sql: `alter database ${name} owner to ${owns}`, unless: ownedBy(owner.role) },
    { sql: `reassign owned by ${worker} to ${owns}`, unless: ownsNothing(running.role, database), inside: database },
    { sql: `comment on database ${name} is ${escapeLiteral(databaseMark)}` },
    // By default every role may connect to every database: the databases separate the services.
    { sql: `revoke all on database ${name} from public` },
    { sql: `grant connect, temporary on database ${name} to ${worker}` },
  ];
}

const roleStatements = ({ role, verifier }: WantedRole): AdminStatement[] => [
  {
    sql: `create role ${escapeIdentifier(role)} login`,
    unless: `select from pg_roles where rolname = ${escapeLiteral(role)}`,
  },
  { sql: `alter role ${escapeIdentifier(role)} login password ${escapeLiteral(verifier)}` },
];

/** @param ours the roles that may own it without the mark */
const refuseForeign = (database: string, ours: readonly string[]): string => `do $do$ begin
  if exists (
    select from pg_database
    where datname = ${escapeLiteral(database)}
      and pg_get_userbyid(datdba) not in (${ours.map(escapeLiteral).join(', ')})
      and shobj_description(oid, 'pg_database') is distinct from ${escapeLiteral(databaseMark)}
  ) then
    raise exception using message = ${escapeLiteral(`The server already has a database "${database}" that Sagaworks did not make`)},
      hint = ${escapeLiteral(`To give it over: comment on database ${escapeIdentifier(database)} is '${databaseMark}'`)};
  end if;
end $do$`;

/** Whether a role owns nothing in a database; may be asked in any database of the server. */
const ownsNothing = (role: string, database: string): string =>
  `select where not exists (
    select from pg_shdepend
    where deptype = 'o' and refclassid = 'pg_authid'::regclass
      and refobjid = (select oid from pg_roles where rolname = ${escapeLiteral(role)})
      and dbid = (select oid from pg_database where datname = ${escapeLiteral(database)})
  )`;

/** The statements as a script for `psql`, run by an administrator of the server. */
export function psqlScript(statements: readonly AdminStatement[]): string {
  const lines = ['\\set ON_ERROR_STOP on', '\\set administration :DBNAME'];
  let at: string | undefined;
  for (const { sql, unless, inside } of statements) {
    if (inside !== at) lines.push(`\\connect ${inside === undefined ? ':"administration"' : escapeIdentifier(inside)}`);
    at = inside;
    lines.push(unless === undefined ? `${sql};` : `select ${escapeLiteral(sql)} where not exists (${unless}) \\gexec`);
  }
  return `${lines.join('\n')}\n`;
}
