import { Registry } from '@prometer/core';
import { basicAuth, bearerAuth, metricsHandler, type Authorize } from '../../src/index.ts';
import { authorized } from '../../src/metrics-handler.ts';
import { ask, leave, talk, until } from '../client.ts';
import { serving } from '../servers.ts';
import { warningsOf } from '../warnings.ts';

const registry = new Registry();
registry.gauge({ name: 'secret', help: '' }).set(1);

/** What a server that asks for authorization answers to a request with these headers. */
function answerTo(authorize: Authorize, headers: Record<string, string | string[]> = {}, method = 'GET') {
  return serving(metricsHandler({ registry, authorize }), (port) => ask(port, '/metrics', method, headers));
}

function basic(credentials: string | Uint8Array): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

describe('authorize', () => {
  it.each<[string, Authorize]>([
    ['says yes', () => true],
    ['says yes later', async () => true],
    ['gives something that is true', () => 'yes' as unknown as boolean],
  ])('shows the metrics when it %s', async (_what, authorize) => {
    expect((await answerTo(authorize)).body).toContain('secret 1\n');
  });

  it.each<[string, Authorize]>([
    ['says no', () => false],
    ['says no later', async () => false],
    ['says nothing', (() => undefined) as unknown as Authorize],
    [
      'throws',
      () => {
        throw new Error('Who?');
      },
    ],
    ['rejects', () => Promise.reject(new Error('Who?'))],
  ])('answers 401 and shows nothing when it %s', async (_what, authorize) => {
    const { status, headers, body } = await answerTo(authorize);

    expect([status, body]).toEqual([401, 'Unauthorized\n']);
    expect(headers['www-authenticate']).toBe('Bearer realm="metrics"');
  });

  it.each<[string, () => Authorize, string]>([
    [
      'throws',
      () => () => {
        throw new TypeError('Who?');
      },
      'has thrown TypeError: Who?',
    ],
    ['rejects', () => () => Promise.reject(new Error('Who?')), 'has thrown Error: Who?'],
  ])('that %s is warned of once', async (_what, make, wrong) => {
    const authorize = make();
    const { warnings } = await warningsOf(async () => [await answerTo(authorize), await answerTo(authorize)]);

    expect(warnings).toEqual([
      {
        code: 'PROMETER_AUTHORIZE_ERROR',
        message: `The function "authorize" ${wrong}: such requests may not see the metrics.`,
      },
    ]);
  });

  it('that has not answered in time is warned of, and what it says later counts for nothing', async () => {
    const late = authorized(
      () => new Promise((resolve) => void setTimeout(resolve, 100, true)),
      (_request, response) => response.end('secret'),
      20,
    );
    const { result, warnings } = await warningsOf(() => serving(late, (port) => ask(port, '/metrics')));

    expect([result.status, result.body]).toEqual([401, 'Unauthorized\n']);
    expect(warnings).toEqual([
      {
        code: 'PROMETER_AUTHORIZE_ERROR',
        message: 'The function "authorize" has not answered in 0.02 s: such requests may not see the metrics.',
      },
    ]);
  });

  it('that says no, now or later, is not warned of', async () => {
    const { warnings } = await warningsOf(async () => [await answerTo(() => false), await answerTo(async () => false)]);

    expect(warnings).toEqual([]);
  });

  it('is asked before the method and the query', async () => {
    const handler = metricsHandler({ registry, authorize: () => false });
    const query = `/metrics?${'&'.repeat(2000)}`;
    const statuses = await serving(handler, async (port) => [
      (await ask(port, '/metrics', 'POST')).status,
      (await ask(port, query)).status,
    ]);

    expect(statuses).toEqual([401, 401]);
  });

  it('answers 401 to HEAD without a body', async () => {
    const { status, headers, body } = await answerTo(() => false, {}, 'HEAD');

    expect([status, headers['content-length'], body]).toEqual([401, '13', '']);
  });

  it('is given the request', async () => {
    const authorize: Authorize = (request) => request.headers['x-key'] === 'k';

    expect((await answerTo(authorize, { 'x-key': 'k' })).status).toBe(200);
    expect((await answerTo(authorize, { 'x-key': 'l' })).status).toBe(401);
  });

  it.each<[string, Promise<boolean>]>([
    ['say yes', Promise.resolve(true)],
    ['say no', Promise.resolve(false)],
    ['reject', Promise.reject(new Error('Too late'))],
  ])('may %s when the client has left', async (_what, decision) => {
    decision.catch(() => {});
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    let decide: (() => void) | undefined;
    let gathers = 0;
    const counting = new Registry();
    counting.gauge({ name: 'g', help: '', collect: () => void gathers++ });
    const authorize: Authorize = () => new Promise<void>((resolve) => (decide = resolve)).then(() => decision);
    await serving(metricsHandler({ registry: counting, authorize }), async (port) => {
      await leave(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => until(() => decide !== undefined));
      await new Promise((resolve) => setTimeout(resolve, 20));
      decide?.();
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    process.off('unhandledRejection', note);

    expect([gathers, unhandled]).toEqual([0, []]);
  });

  it('leaves a response alone that somebody else has begun while it decides', async () => {
    let decide: (() => void) | undefined;
    const authorize: Authorize = () => new Promise((resolve) => (decide = () => resolve(false)));
    const handler = metricsHandler({ registry, authorize });
    const answer = await serving(
      (request, response) => {
        handler(request, response);
        response.writeHead(503).write('Too ');
        decide?.();
        setTimeout(() => response.end('slow'), 20);
      },
      (port) => ask(port, '/'),
    );

    expect(answer).toMatchObject({ status: 503, body: 'Too slow' });
  });

  it('has ten seconds to decide: 401 then', async () => {
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    let isAsked = false;
    const authorize: Authorize = () => {
      isAsked = true;
      return new Promise(() => {});
    };
    const { status, body } = await serving(metricsHandler({ registry, authorize }), async (port) => {
      const asked = ask(port, '/');
      await until(() => isAsked);
      const [call] = setTimer.mock.calls.filter(([, milliseconds]) => milliseconds === 10_000);
      setTimer.mockRestore();
      const [expire, , ...given] = call as unknown as [(...given: unknown[]) => void, number, ...unknown[]];
      expire(...given);
      return asked;
    });

    expect([status, body]).toEqual([401, 'Unauthorized\n']);
  });

  it.each([null, false, 'token', {}, 5])('is refused when it is %p', (authorize) => {
    expect(() => metricsHandler({ registry, authorize: authorize as unknown as Authorize })).toThrow(
      expect.objectContaining({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: expect.stringMatching(/^The option "authorize" is .+: give a function that tells/),
      }),
    );
  });
});

describe('bearerAuth', () => {
  it.each([
    ['its token', 'Bearer a-token'],
    ['another one of its tokens', 'Bearer another.token~+/=='],
    ['the scheme in other letters', 'bEARER a-token'],
    ['more spaces', 'Bearer   a-token'],
  ])('lets a request pass with %s', async (_what, authorization) => {
    const authorize = bearerAuth('a-token', 'another.token~+/==');

    expect((await answerTo(authorize, { authorization })).status).toBe(200);
  });

  it.each([
    ['no token', ''],
    ['another token', 'Bearer b-token'],
    ['a part of it', 'Bearer a-toke'],
    ['more than it', 'Bearer a-tokens'],
    ['it and something else', 'Bearer a-token x'],
    ['it in other letters', 'Bearer A-token'],
    ['the scheme alone', 'Bearer'],
    ['it without a scheme', 'a-token'],
    ['another scheme', 'Basic a-token'],
    ['something before it', 'x Bearer a-token'],
    ['a list', 'Bearer a-token, Bearer a-token'],
  ])('refuses a request with %s', async (_what, authorization) => {
    const { status, headers } = await answerTo(bearerAuth('a-token'), authorization === '' ? {} : { authorization });

    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="metrics"']);
  });

  it('refuses a request with two headers, even if one is right', async () => {
    const answer = await serving(metricsHandler({ registry, authorize: bearerAuth('a-token') }), (port) =>
      talk(
        port,
        'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a-token\r\nauthorization: Bearer b\r\nConnection: close\r\n\r\n',
        () => false,
      ),
    );

    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('takes a token that is sent as UTF-8', async () => {
    const authorization = Buffer.from('Bearer maß€à').toString('latin1');

    expect((await answerTo(bearerAuth('maß€à'), { authorization })).status).toBe(200);
  });

  it.each([
    [[], 'bearerAuth has no token: give one that requests must have, or several.'],
    [[undefined], 'The token 1 of bearerAuth is undefined: give a text that'],
    [['a', ''], 'The token 2 of bearerAuth is empty: give a text that'],
    [[null], 'The token 1 of bearerAuth is null: give a text that'],
    [[['a']], 'The token 1 of bearerAuth is object: give a text that'],
    [['a\n'], 'The token 1 of bearerAuth has characters that no request can send in it, a line feed for example'],
    [['a b'], 'The token 1 of bearerAuth has characters that no request can send in it'],
  ])('refuses to be made with %p', (tokens, message) => {
    expect(() => bearerAuth(...(tokens as string[]))).toThrow(
      expect.objectContaining({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: expect.stringMatching(`^${message}`),
      }),
    );
  });

  it('shows no token in what it refuses', () => {
    expect(() => bearerAuth('sesame\n')).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching('ses') }),
    );
  });
});

describe('basicAuth', () => {
  it.each([
    ['its name and password', basic('prometheus:a:long password')],
    [
      'the scheme in other letters',
      { authorization: basic('prometheus:a:long password').authorization.replace('B', 'b') },
    ],
    ['base64 without its end', { authorization: basic('prometheus:a:long password').authorization.replace(/=+$/, '') }],
  ])('lets a request pass with %s', async (_what, headers) => {
    expect((await answerTo(basicAuth('prometheus', 'a:long password'), headers)).status).toBe(200);
  });

  it('reads UTF-8', async () => {
    expect((await answerTo(basicAuth('jürgen', 'maß€'), basic('jürgen:maß€'))).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['another name', basic('prometheu:password')],
    ['another password', basic('prometheus:Password')],
    ['no password', basic('prometheus')],
    ['an empty password', basic('prometheus:')],
    ['what would be right elsewhere divided', basic('prometheus:pass:word')],
    ['the same characters as Latin-1', basic(Buffer.from('prometheus:pässword', 'latin1'))],
    ['what is not base64', { authorization: 'Basic prometheus:password' }],
    ['base64 with more after it', { authorization: `${basic('prometheus:password').authorization} x` }],
    ['the scheme alone', { authorization: 'Basic' }],
    ['no bytes', { authorization: 'Basic =' }],
    ['another scheme', { authorization: basic('prometheus:password').authorization.replace('Basic', 'Bearer') }],
  ])('refuses a request with %s', async (_what, given) => {
    const { status, headers, body } = await answerTo(basicAuth('prometheus', 'password'), given);

    expect([status, body]).toEqual([401, 'Unauthorized\n']);
    expect(headers['www-authenticate']).toBe('Basic realm="metrics", charset="UTF-8"');
  });

  it.each([
    ['', 'b', 'The username of basicAuth is empty: give a text'],
    ['a', '', 'The password of basicAuth is empty: give a text'],
    ['a', undefined, 'The password of basicAuth is undefined: give a text'],
    [5, 'b', 'The username of basicAuth is number: give a text'],
    ['a:b', 'c', 'The username of basicAuth has a colon, which ends it in a request: choose another one.'],
    ['a', 'b\n', 'The password of basicAuth has characters that no request can send in it'],
  ])('refuses to be made with %p and %p', (username, password, message) => {
    expect(() => basicAuth(username as string, password as string)).toThrow(
      expect.objectContaining({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: expect.stringMatching(`^${message}`),
      }),
    );
  });
});
