'use strict';

// The health check of a container: exit code 0 when the process can serve (`/readyz`). Node's own, as the image has neither
// curl nor wget.

const { PORT = '3000' } = process.env;

fetch(`http://127.0.0.1:${PORT || '3000'}/readyz`, { signal: AbortSignal.timeout(4_000) }).then(
  async (response) => {
    process.stdout.write(await response.text());
    process.exitCode = response.ok ? 0 : 1;
  },
  (error) => {
    process.stdout.write(String(error.cause ?? error));
    process.exitCode = 1;
  },
);
