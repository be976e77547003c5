// For the systems in the release: waits until each argument is there, at most four minutes. An argument is an address,
// host:port, that accepts connections; or a user of the broker, user:name, the last thing that `sagaworks provision` makes
// at the first installation.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const until = Date.now() + 240_000;

const accepts = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('connect', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false));
  });

async function hasUser(name) {
  const { origin, username, password } = new URL(
    readFileSync('/etc/sagaworks/secrets/RABBITMQ_MANAGEMENT_URL', 'utf8').trim(),
  );
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`${origin}/api/users/${name}`, { headers: { authorization } }).catch(() => undefined);
  return answer?.ok === true;
}

for (const wanted of process.argv.slice(2)) {
  const [first, second] = wanted.split(':');
  const isThere = () => (first === 'user' ? hasUser(second) : accepts(first, Number(second)));
  while (!(await isThere())) {
    if (Date.now() > until) throw new Error(`${wanted} is not there after four minutes`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  console.log(`${wanted} is there`);
}
