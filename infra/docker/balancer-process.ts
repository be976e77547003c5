import { createBalancer, createResolver } from './balancer';

/** How long connections may go on after SIGTERM. */
const drainMs = 20_000;

/** `balancer-process.js api:3000`: passes connections to `PORT` on to the containers that the name stands for. */
const [host = '', port = ''] = (process.argv[2] ?? '').split(':');
const balancer = createBalancer(createResolver(host, Number(port)));
balancer.listen(Number(process.env['PORT'] || 3000), process.env['HOST'] || '127.0.0.1', () =>
  process.stdout.write(`Connections to ${JSON.stringify(balancer.address())} go to ${host}:${port}, in turn\n`),
);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    balancer.close(() => process.exit(0));
    setTimeout(() => process.exit(1), drainMs).unref();
  });
