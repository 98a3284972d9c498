// All that the core asks of the runtime besides the language itself. Node.js, Bun, Deno and the edge runtimes have
// it; anything else must not be used here.

export {};

declare global {
  const performance: { now(): number };

  function setTimeout(callback: () => void, milliseconds: number): Timer;
  /** Browsers and some edge runtimes don't have it. */
  const setImmediate: ((callback: () => void) => unknown) | undefined;
  function clearTimeout(timer: Timer): void;

  /** A number in some runtimes, an object in others. */
  interface Timer {
    unref?(): unknown;
  }

  /** Of Node.js and those that do as it does; others don't have it. */
  var Buffer:
    | { from(buffer: ArrayBufferLike, byteOffset: number, length: number): { toString(encoding: 'latin1'): string } }
    | undefined;

  const console: { warn(message: string): void };

  class TextEncoder {
    encode(text: string): Uint8Array;
    encodeInto(text: string, into: Uint8Array): { written: number };
  }

  class TextDecoder {
    decode(bytes: Uint8Array): string;
  }
}
