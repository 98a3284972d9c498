import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { invalidOption, show } from '../options.ts';

/** A server of Node.js: HTTP or HTTPS, also of HTTP/2 with its compatibility API. */
export type WatchableServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer;

/** What looks at the requests of a server before its listeners do. */
export interface ServerWatcher {
  /** Returns whether it has answered: then nobody else is to see the request. */
  request(request: IncomingMessage, response: ServerResponse): boolean;
  upgrade(request: IncomingMessage, socket: Socket): void;
}

/** On a server: what stands before it. Shared by all copies of this package. */
const WATCHED: unique symbol = Symbol.for('@prometer/http.watched') as never;

interface Watched {
  readonly watchers: Set<ServerWatcher>;
  restore(): void;
}

type Emit = (this: unknown, event: string | symbol, ...given: unknown[]) => boolean;

interface WatchedServer {
  emit: Emit;
  [WATCHED]?: Watched | undefined;
}

/**
 * Lets a watcher see the requests of a server. Node.js behaves otherwise where a server has a listener for `upgrade`, so
 * the watcher is none: it stands before the server's `emit`.
 *
 * @returns how to stop
 * @throws MetricError `INVALID_OPTION` for what is no server
 */
export function watchServer(given: WatchableServer, watcher: ServerWatcher): () => void {
  checkServer(given);
  const server = given as unknown as WatchedServer;
  const watched = (server[WATCHED] ??= standBefore(server));
  watched.watchers.add(watcher);
  return () => {
    watched.watchers.delete(watcher);
    if (watched.watchers.size === 0) watched.restore();
  };
}

/** @throws MetricError `INVALID_OPTION` */
export function checkServer(given: WatchableServer): void {
  // The app of a framework emits and listens, too, but has no address.
  const { emit, listen, address } = (given ?? {}) as Partial<WatchableServer>;
  if ([emit, listen, address].every((method) => typeof method === 'function')) return;
  throw invalidOption(
    `${show(given)} is no server: give one that http.createServer has made, or one of its kind, as app.listen() returns it.`,
  );
}

function standBefore(server: WatchedServer): Watched {
  const watchers = new Set<ServerWatcher>();
  const isOwn = Object.hasOwn(server, 'emit');
  const { emit } = server;
  const watchedEmit: Emit = function (event, ...given) {
    if (event === 'request' || OTHER_REQUESTS.has(event))
      for (const watcher of watchers) if (look(watcher, event, given[0], given[1])) return true;
    return emit.call(this, event, ...given);
  };
  server.emit = watchedEmit;
  return {
    watchers,
    restore() {
      // Somebody else may stand before it by now: without watchers, it only hands on.
      if (server.emit !== watchedEmit) return;
      if (isOwn) server.emit = emit;
      else delete (server as Partial<WatchedServer>).emit;
      server[WATCHED] = undefined;
    },
  };
}

/** What a server emits for a request instead of `request`. */
const OTHER_REQUESTS: ReadonlySet<string | symbol> = new Set(['checkContinue', 'checkExpectation', 'upgrade']);

/** Returns whether the watcher has answered. */
function look(watcher: ServerWatcher, event: string | symbol, request: unknown, other: unknown): boolean {
  if (event !== 'upgrade') return watcher.request(request as IncomingMessage, other as ServerResponse);
  watcher.upgrade(request as IncomingMessage, other as Socket);
  return false;
}
