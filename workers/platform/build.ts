import { version } from '../../package.json';
import { namespace } from '../../lib/config/namespace';
import type { Metrics } from '../../lib/telemetry/metrics';

/** What this process was built from. */
export interface Build {
  /** Of package.json. */
  version: string;
  /** Of the image; `unknown` in a working copy. */
  commit: string;
}

/** The image has its commit in `SAGAWORKS_COMMIT`. */
export const buildOf = (env: NodeJS.ProcessEnv): Build => ({ version, commit: env['SAGAWORKS_COMMIT'] || 'unknown' });

/** Says in a metric what runs, so that a change of it is seen beside what it did. */
export function reportBuild({ gauge }: Pick<Metrics, 'gauge'>, build: Build): void {
  gauge(`${namespace}_build_info`, 'The version and the commit of this process; always 1.', ['version', 'commit']).set(
    { version: build.version, commit: build.commit },
    1,
  );
}
