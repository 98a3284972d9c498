import { once } from 'node:events';
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** Connections to a server on loopback that are kept, each with one request at a time. */
export async function connectTo(port, connections) {
  const sockets = Array.from({ length: connections }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  let next = 0;

  return {
    /** Asks for these paths in turn, `count` times in all, and waits for the answers, which have to be 200. */
    async send(paths, count) {
      let left = count;
      await Promise.all(
        sockets.map(
          (socket) =>
            new Promise((resolve, reject) => {
              let received = '';
              const ask = () => {
                if (left-- <= 0) {
                  socket.off('data', onData).off('error', reject).off('close', onClose);
                  resolve();
                  return;
                }
                socket.write(`GET ${paths[next++ % paths.length]} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
              };
              const onData = (data) => {
                received += data.toString('latin1');
                const headEnd = received.indexOf(HEAD_END);
                if (headEnd < 0) return;
                const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
                if (received.length < headEnd + HEAD_END.length + Number(length)) return;
                const isWhole = received.length === headEnd + HEAD_END.length + Number(length);
                if (!received.startsWith('HTTP/1.1 200 ') || !isWhole) {
                  reject(new Error(`The answer is ${received}`));
                  return;
                }
                received = '';
                ask();
              };
              const onClose = () => reject(new Error('The server has closed a connection.'));
              if (socket.destroyed) {
                onClose();
                return;
              }
              socket.on('data', onData).once('error', reject).once('close', onClose);
              ask();
            }),
        ),
      );
    },

    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
