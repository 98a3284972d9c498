import { watchServer, type ServerWatcher, type WatchableServer } from './watch-server.ts';

/** The servers that are watched for one and the same, each once; none is kept alive by that. */
export class WatchedServers<Watcher extends ServerWatcher> {
  readonly #watched = new WeakMap<WatchableServer, { watcher: Watcher; stop: () => void }>();
  readonly #servers = new Set<WeakRef<WatchableServer>>();
  #isStopped = false;

  /** What watches a server, which `make` makes if nothing does. */
  watch(server: WatchableServer, make: () => Watcher): { watcher: Watcher; stop: () => void } {
    const known = this.#watched.get(server);
    if (known !== undefined) return known;
    const watcher = make();
    // The middleware of an app that goes on asks again.
    if (this.#isStopped) return { watcher, stop: () => {} };
    const unwatch = watchServer(server, watcher);
    const reference = new WeakRef(server);
    for (const each of this.#servers) if (each.deref() === undefined) this.#servers.delete(each);
    this.#servers.add(reference);
    const watched = {
      watcher,
      stop: () => {
        unwatch();
        this.#watched.delete(server);
        this.#servers.delete(reference);
      },
    };
    this.#watched.set(server, watched);
    return watched;
  }

  stop(): void {
    this.#isStopped = true;
    for (const each of this.#servers) {
      const server = each.deref();
      if (server !== undefined) this.#watched.get(server)?.stop();
    }
  }
}
