import { once } from 'node:events';
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** A connection on which requests are written as they are, and whose answers are read in order. */
export class Connection {
  /** As many characters have been read as bytes, which are Latin-1. */
  received = '';
  /** Whatever was said by the system, if it was closed by an error. */
  error;
  isClosed = false;
  #socket;
  #wake = () => {};

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (data) => {
      this.received += data;
      this.#wake();
    });
    this.#socket.on('error', (error) => (this.error = error));
    this.#socket.on('end', () => this.#wake());
    this.#socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  async opened() {
    if (this.#socket.connecting) await once(this.#socket, 'connect');
    return this;
  }

  write(bytes) {
    this.#socket.write(bytes, 'latin1');
  }

  /** Closes this side only. */
  end() {
    this.#socket.end();
  }

  /** Leaves without a word. */
  leave() {
    this.#socket.destroy();
  }

  /** Leaves with a reset. */
  reset() {
    this.#socket.resetAndDestroy();
  }

  /** Waits until something has been read; false if the connection is closed before. */
  async until(isEnough, withinMs = 20_000) {
    const end = performance.now() + withinMs;
    while (!isEnough(this.received)) {
      if (this.isClosed) return false;
      const left = end - performance.now();
      if (left <= 0)
        throw new Error(`No answer for ${withinMs} ms, only ${JSON.stringify(this.received.slice(0, 500))}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  /** Reads the next answer, those before the final one left out; undefined if the connection ends before. */
  async answer({ isHead = false, withinMs } = {}) {
    let answer;
    const isWhole = (received) => (answer = wholeAnswer(received, isHead, this.isClosed)) !== undefined;
    if (!(await this.until(isWhole, withinMs)) && !isWhole(this.received)) return undefined;
    this.received = this.received.slice(answer.length);
    return answer;
  }
}

/** The first answer in what was read, if it is there with its body. */
function wholeAnswer(received, isHead, isClosed) {
  let start = 0;
  let headEnd;
  let status;
  do {
    headEnd = received.indexOf(HEAD_END, start);
    if (headEnd < 0) return undefined;
    status = Number(received.slice(start + 'HTTP/1.1 '.length, start + 'HTTP/1.1 200'.length));
    if (status < 200) start = headEnd + HEAD_END.length;
  } while (status < 200);
  const head = received.slice(start, headEnd);
  const bodyStart = headEnd + HEAD_END.length;
  const found = (body, length) => ({ status, head, body, length });
  if (isHead || status === 204 || status === 304) return found('', bodyStart);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = bodyStart + Number(length);
    return received.length < end ? undefined : found(received.slice(bodyStart, end), end);
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    // A chunk that is empty ends it; none of the bodies that are asked for has such a line in it.
    const end = received.indexOf('\r\n0\r\n\r\n', headEnd + 2);
    if (end < 0) return undefined;
    return found(withoutChunks(received.slice(bodyStart, end + 2)), end + '\r\n0\r\n\r\n'.length);
  }
  return isClosed ? found(received.slice(bodyStart), received.length) : undefined;
}

function withoutChunks(body) {
  const chunks = [];
  for (let at = 0; at < body.length;) {
    const start = body.indexOf('\r\n', at) + 2;
    const end = start + Number.parseInt(body.slice(at, start), 16);
    chunks.push(body.slice(start, end));
    at = end + 2;
  }
  return chunks.join('');
}

/** Opens a connection for one request, whose bytes are sent as they are, and resolves to the answer. */
export async function askRaw(port, bytes, options) {
  const connection = await new Connection(port).opened();
  try {
    connection.write(bytes);
    return await connection.answer(options);
  } finally {
    connection.leave();
  }
}
