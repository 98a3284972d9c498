import type { Socket } from 'node:net';
import { talk } from './client.ts';
import { get, measuredServers } from './measured-server.ts';

describe('Requests that wait behind another one on their connection', () => {
  const start = measuredServers();

  /** What a socket says when each of three requests comes, all of which it has at once. */
  async function atEach<Said>(
    what: (socket: Socket) => Said,
    prepare = (_socket: Socket): void => {},
  ): Promise<Said[]> {
    const said: Said[] = [];
    const { server, port } = await start(({ socket }, response) => {
      said.push(what(socket));
      response.end();
    });
    server.on('connection', prepare);
    await talk(port, get().repeat(3), (read) => read.split('200 OK').length === 4);
    return said;
  }

  it('leave as much room for the listeners of others as there was', async () => {
    const room = (socket: Socket): number => socket.getMaxListeners() - socket.listenerCount('close');
    const [first, ...others] = await atEach(room);

    expect(first).toBeGreaterThan(0);
    expect(others).toEqual([first, first]);
  });

  it('leave a socket that may have any number of listeners as it is', async () => {
    const most = await atEach(
      (socket) => socket.getMaxListeners(),
      (socket) => socket.setMaxListeners(0),
    );

    expect(most).toEqual([0, 0, 0]);
  });
});
