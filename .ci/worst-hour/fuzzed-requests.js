// What may come to a port: requests that are odd but HTTP's, and bytes that are no request at all.

const METHODS = [
  ['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'PURGE'],
  ['M-SEARCH', 'QUERY', 'LINK', 'get', 'FOO', 'G\xe9T', '', 'GET GET', '__proto__', 'X'.repeat(300)],
].flat();

const TARGETS = [
  ['/', '/users/1', '/users/1?a=b', '/slow', '/fail', '/echo', '/users', '/nothing', '*', '', '//', '//x//', '/../..'],
  [
    '/%',
    '/%%',
    '/%0',
    '/%00',
    '/%zz',
    '/users/%',
    '/users/%E0%A4%A',
    '/users/%ff',
    '/users/%2F',
    '/%2e%2e/',
    '/users/a/b',
  ],
  ['http://x/', 'http://x/users/1', 'http://[', 'HTTP://X:99999/users/1', 'http:///', 'ftp://x/y', 'x:1', 'mailto:x'],
  [
    '/?',
    '/?%',
    '/users/1;x=1',
    '/users/__proto__',
    '/constructor',
    '/users/\xe9\xff',
    '/users/"{}\\',
    '/a b',
    '/#x',
    '/\x00',
  ],
  [
    '/users/*',
    '/users/:id',
    '/:',
    '/users/(.*)',
    `/${'a'.repeat(8000)}`,
    `/users/${'b'.repeat(300)}`,
    '/a/'.repeat(900),
  ],
].flat();

const HEADERS = [
  [
    'Host: y',
    'Connection: close',
    'Connection: keep-alive, x',
    'Connection: Upgrade\r\nUpgrade: websocket',
    'Upgrade: h2c',
  ],
  [
    'Expect: 100-continue',
    'Expect: the unexpected',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'TE: trailers',
  ],
  [
    'Content-Length: 0',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Content-Type: x',
  ],
  [
    'Content-Type: application/json',
    'Content-Encoding: br',
    'Cookie: ',
    ': x',
    'x',
    'X : y',
    ' folded: 1',
    'X: \xff\xfe',
  ],
  ['__proto__: 1', 'constructor: 1', 'X: a\x00b', 'X: a\rb', 'Accept: ///', 'Range: bytes=9-1', 'Date: never', 'Host:'],
].flat();

const GARBAGE = [
  ['\r\n\r\n', '\n', '\x00', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'GET'],
  [
    'GET /\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    '0\r\n\r\n',
    'ffffffffff\r\n',
  ],
].flat();

/** Bytes for one connection, in the pieces in which they are to be sent, and how its client ends it. */
export function fuzzedConnection(random) {
  const bytes = Array.from({ length: 1 + random.below(5) }, () => fuzzedBytes(random)).join('');
  const cuts = random.several(2, () => random.below(bytes.length)).toSorted((a, b) => a - b);
  return {
    pieces: [0, ...cuts].map((cut, i) => bytes.slice(cut, cuts[i])),
    ending: random.of(['answered', 'answered', 'end', 'leave', 'reset']),
  };
}

function fuzzedBytes(random) {
  if (random.chance(0.1)) return random.of(GARBAGE);
  if (random.chance(0.05)) return String.fromCharCode(...random.several(200, () => random.below(256)));
  const request = fuzzedRequest(random);
  if (random.chance(0.1)) return request.slice(0, random.below(request.length));
  if (random.chance(0.1)) return withOneByteChanged(request, random);
  return request;
}

function fuzzedRequest(random) {
  // Most are right in all but one thing, or they would get no further than the parser.
  const method = random.chance(0.4) ? random.of(METHODS) : 'GET';
  const target = random.chance(0.6) ? random.of(TARGETS) : '/users/1';
  const version = random.chance(0.05) ? random.of(['HTTP/1.0', 'HTTP/0.9', 'HTTP/2', 'http/1.1', '']) : 'HTTP/1.1';
  const headers = random.chance(0.3) ? random.several(3, () => random.of(HEADERS)) : [];
  if (random.chance(0.95)) headers.unshift('Host: x');
  if (random.chance(0.02)) headers.push(`X-Huge: ${'h'.repeat(random.below(40_000))}`);
  if (random.chance(0.02)) headers.push(...Array.from({ length: 3000 }, (_, i) => `X-${i}: 1`));
  const body = random.chance(0.1)
    ? random.of(['hello', '5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', '{"a":', 'x'.repeat(3000)])
    : '';
  if (body !== '' && random.chance(0.5)) headers.push(`Content-Length: ${body.length}`, 'Content-Type: text/plain');
  return `${method} ${target} ${version}\r\n${headers.map((each) => `${each}\r\n`).join('')}\r\n${body}`;
}

function withOneByteChanged(text, random) {
  const at = random.below(text.length);
  return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
}
