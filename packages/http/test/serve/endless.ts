import { randomBytes } from 'node:crypto';
import type { Registry } from '@prometer/core';
import { metricsHandler, type RequestHandler } from '../../src/index.ts';

/** An exposition without an end, or with a bad one, of what can't be packed. */
export class Endless {
  begun = 0;
  made = 0;
  hasEnded = false;
  readonly registry: Registry;
  readonly handler: RequestHandler;

  constructor({ failsAfter = Infinity, piece = randomBytes(64 * 1024) as unknown } = {}) {
    const stream = () => Object.assign(this.#pieces(failsAfter, piece), { contentType: 'text/plain' });
    this.registry = { stream } as unknown as Registry;
    this.handler = metricsHandler({ registry: this.registry });
  }

  async *#pieces(failsAfter: number, piece: unknown) {
    this.begun++;
    try {
      for (let made = 0; made < failsAfter; made++) {
        this.made++;
        yield piece;
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new Error('No more');
    } finally {
      this.hasEnded = true;
    }
  }
}
