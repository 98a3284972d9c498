// An app as it is, which also shows all that it keeps in memory.
import { EventEmitter } from 'node:events';
import { writeHeapSnapshot } from 'node:v8';
import { prepare as prepareBasic } from './basic-target.js';

export function prepare(given) {
  // Before it answers 404 or 500, Express listens to the socket once for each of the requests that are pipelined. Node.js
  // warns of that for each connection, and a target keeps its warnings: what would grow is the check itself.
  if (given.framework === 'express') EventEmitter.defaultMaxListeners = Infinity;
  const { calls, ...rest } = prepareBasic(given);
  return {
    ...rest,
    calls: {
      ...calls,
      /** Writes what is on the heap to a file, without what is garbage. */
      snapshot: (file) => writeHeapSnapshot(file),
    },
  };
}
