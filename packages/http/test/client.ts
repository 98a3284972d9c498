import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** The body as it came, packed perhaps. */
  bytes: Buffer;
}

/** Asks a server on this machine, over a socket of its own, and reads the whole answer. */
export function ask(
  port: number,
  path: string,
  method = 'GET',
  headers: Record<string, string | string[]> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: response.statusCode as number, headers: response.headers, body: bytes.toString(), bytes });
      });
    });
    sent.on('error', reject).end();
  });
}

/** Sends bytes as they are, reads until `enough` says so or the server closes, then closes the connection. */
export function talk(port: number, bytes: string, enough: (read: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (piece: string) => {
      read += piece;
      if (enough(read)) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve(read));
    if (enough(read)) socket.destroy();
  });
}

/** Sends bytes as they are and leaves once `when` has settled, whatever has been answered by then. */
export function leave(port: number, bytes: string, when: () => Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      when().then(() => socket.destroy(), reject);
    });
    socket.on('error', reject).on('close', () => resolve());
    socket.resume();
  });
}

/** Waits until something is true, looking often; fails after five seconds. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`It has not become true: ${String(isTrue)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
