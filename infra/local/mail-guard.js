'use strict';

// MailDev answers every origin, with credentials, so any page in the developer's browser could read the inbox. It has no
// setting against that. Loaded before it (`node --require`), this checks each request before MailDev sees it.

const { Server } = require('node:http');

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a request may come from the inbox's own page, or from a program: its `Host` is a name of this machine, which a
 * page under a rebound name cannot claim; its `Origin`, if any, is that host; and no other page embeds it.
 */
function isOwn({ host = '', origin, 'sec-fetch-site': site = 'none', 'sec-fetch-dest': dest = '' }) {
  if (!loopback.test(host)) return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  return site === 'none' || site === 'same-origin' || dest === 'document';
}

const { emit } = Server.prototype;

/** @this {Server} */
function guarded(event, ...args) {
  const [request, response] = args;
  const isAsked = event === 'request' || event === 'upgrade' || event === 'checkContinue';
  if (!isAsked || isOwn(request.headers)) return emit.call(this, event, ...args);
  if (event === 'upgrade') response.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  else response.writeHead(403, { 'content-type': 'text/plain' }).end('Only pages of this inbox may ask for it\n');
  return true;
}

Server.prototype.emit = guarded;
