// An app as it is, and what Node.js itself says of what has come to it.
import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import { parse } from 'node:url';

/** By what Node.js tells a server of, how often it has; scrapes left out. */
const seen = { request: 0, upgrade: 0 };

export function prepare({ framework, settings }) {
  // Before anything of Prometer's stands there.
  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by call()
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...given) {
    if (event in seen && isForApp(framework, event, given[0].url)) seen[event]++;
    return emit.call(this, event, ...given);
  };
  // The first request that there is tells its server.
  subscribe('http.server.request.start', ({ server }) => {
    if (settings.upgrades && server.listenerCount('upgrade') === 0) server.on('upgrade', upgrade);
  });
  return { options: { sizes: true, ...settings.options }, calls: { seen: () => seen } };
}

function isForApp(framework, event, target) {
  if (target.startsWith('/metrics')) return false;
  // No framework sees an upgrade.
  if (event === 'upgrade') return true;
  try {
    // Express answers 404 where this throws, before any middleware.
    parse(target);
    return true;
  } catch {
    return framework !== 'express';
  }
}

/** Takes some, refuses some, and is rude to the rest. */
function upgrade(request, socket) {
  socket.on('error', () => {}).resume();
  switch (request.url.length % 3) {
    case 0:
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
      break;
    case 1:
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      break;
    default:
      socket.destroy();
  }
}
