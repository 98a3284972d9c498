/** Something that tells its listeners what happens. */
export interface Source {
  /** Tells at once what would be told later. */
  flush: () => void;
  stop: () => void;
}

/**
 * A source that runs once for however many listeners: it is started for the first of them and stopped with the last.
 * Each listener stops for itself, a second time without effect.
 */
export function sharedSource<Event>(
  start: (tell: (event: Event) => void) => Source,
): (listener: (event: Event) => void) => Source {
  const listeners = new Set<(event: Event) => void>();
  let source: Source | undefined;
  const tell = (event: Event): void => {
    for (const listener of listeners) listener(event);
  };
  return (listener) => {
    // So that one that is given twice is told twice, and stops twice.
    const own = (event: Event): void => listener(event);
    listeners.add(own);
    source ??= start(tell);
    return {
      flush: () => source?.flush(),
      stop() {
        if (!listeners.delete(own) || listeners.size > 0) return;
        source?.stop();
        source = undefined;
      },
    };
  };
}
