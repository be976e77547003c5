import { listeners } from './listeners';
import { setting } from './once';
import { workOff } from './work-off';

// A service that listens.
const name = setting('BENCH_LISTENER');
const listener = listeners.find((one) => one.name === name);
if (!listener) throw new Error(`There is no listener ${name}`);
void workOff(`bench-${name}`, listener.subscription);
