import { setting } from '../once';
import { markSeen, workOffBare } from './lanes';

// The limit for a service that listens: the same marks and no effects.
void workOffBare(setting('BENCH_QUEUE'), (stream) => parseInt(stream.slice(-1), 16), markSeen);
