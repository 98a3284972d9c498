// Clients that send what is to be counted.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Asks and reads the whole answer, over a connection of its own unless there is an agent. */
export async function ask(url, { method = 'GET', headers = {}, body = '', agent = false } = {}) {
  const response = await new Promise((resolve, reject) => {
    const timeout = 10_000;
    const sent = request(url, { method, headers, agent, timeout }, resolve);
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`${method} ${url}: no answer`)));
    sent.end(body);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Asks several at once, over few connections that are kept. */
export async function askAll(urls) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const answers = await Promise.all(urls.map((url) => ask(url, { agent })));
  agent.destroy();
  return answers;
}

/** Asks, and leaves when `enough` says so of what has been answered; resolves to that. */
export function leave(url, enough) {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    let read = '';
    const socket = connect(Number(port), hostname, () => socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`));
    const late = setTimeout(() => socket.destroy(new Error(`${url}: no reason to leave`)), 10_000);
    const look = async () => {
      while (!socket.destroyed && !(await enough(read))) await new Promise((again) => setTimeout(again, 10));
      socket.destroy();
    };
    socket.setEncoding('utf8').on('data', (piece) => (read += piece));
    socket.on('error', reject).on('close', () => {
      clearTimeout(late);
      resolve(read);
    });
    look().catch(reject);
  });
}
