/**
 * What carries the commands out. Each is loaded when its command is called: together they need everything there is,
 * which takes seconds, and `--help` and a completion script need none of it.
 */
export const actions = {
  get apiKey() {
    return require('./api-key') as typeof import('./api-key');
  },
  get audit() {
    return require('./audit') as typeof import('./audit');
  },
  get carrier() {
    return require('./carrier') as typeof import('./carrier');
  },
  get codecServer() {
    return require('./codec-server') as typeof import('./codec-server');
  },
  get consumers() {
    return require('./consumers') as typeof import('./consumers');
  },
  get deploy() {
    return require('./deploy') as typeof import('./deploy');
  },
  get dlq() {
    return require('./dlq') as typeof import('./dlq');
  },
  get migrate() {
    return require('./migrate') as typeof import('./migrate');
  },
  get order() {
    return require('./order') as typeof import('./order');
  },
  get outbox() {
    return require('./outbox') as typeof import('./outbox');
  },
  get outboxParked() {
    return require('./outbox-parked') as typeof import('./outbox-parked');
  },
  get parked() {
    return require('./parked') as typeof import('./parked');
  },
  get projections() {
    return require('./projections') as typeof import('./projections');
  },
  get provision() {
    return require('./provision') as typeof import('./provision');
  },
  get run() {
    return require('./run') as typeof import('./run');
  },
  get sagas() {
    return require('./sagas') as typeof import('./sagas');
  },
  get secrets() {
    return require('./secrets') as typeof import('./secrets');
  },
  get token() {
    return require('./token') as typeof import('./token');
  },
  get topology() {
    return require('./topology') as typeof import('./topology');
  },
  get user() {
    return require('./user') as typeof import('./user');
  },
};
