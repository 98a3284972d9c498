// Requests for metrics that nobody means well with, and what has to come of each where everybody may see them.
import { SECRET, TOKEN, USER } from './guarded-target.js';

const LONG = 100_000;

const HEADERS = [
  [
    '',
    '*/*',
    ',',
    ';',
    '=',
    ';;;,,,;;;',
    'text/plain;q=',
    'text/plain;q=NaN',
    'text/plain;q=-1e999',
    '*/*;q=0',
    'text/*;q=0',
  ],
  [
    '"',
    '"\\',
    'text/plain;version="0.0.4',
    'application/openmetrics-text;version=1e3',
    'a/b;__proto__=1;constructor=2',
  ],
  [
    'x'.repeat(LONG),
    '"'.repeat(LONG),
    '\\"'.repeat(LONG / 2),
    '"\\'.repeat(LONG / 2),
    ';'.repeat(LONG),
    'q=1;'.repeat(LONG / 4),
  ],
  ['a/b,'.repeat(LONG / 4), '*/*;q=0.1,'.repeat(LONG / 10), 'text/*,'.repeat(5000) + 'text/plain;q=0,'.repeat(4000)],
]
  .flat()
  .map((accept) => `Accept: ${accept}`);

const ENCODINGS = [
  [
    '',
    ',',
    'gzip;q=2',
    'gzip;q=-1',
    'gzip;q=0.00001',
    '*',
    '*;q=0',
    'identity;q=0, *;q=0',
    ';;;;',
    'gzip;'.repeat(LONG / 5),
  ],
  ['gzip,'.repeat(LONG / 5), 'x-gzip', 'GZIP', 'br', 'zstd', '\xff', '__proto__'],
]
  .flat()
  .map((encoding) => `Accept-Encoding: ${encoding}`);

const TIMEOUTS = [
  '-1',
  '0',
  'NaN',
  '1e9',
  '0x10',
  '0.0000001',
  '9'.repeat(400),
  '1,1',
  ' ',
  'Infinity',
  '__proto__',
].map((seconds) => `X-Prometheus-Scrape-Timeout-Seconds: ${seconds}`);

const OTHERS = [
  [
    'Range: bytes=0-1',
    'If-None-Match: *',
    'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT',
    'Cookie: a',
    'X: \xff\xfe',
  ],
  ['X-HTTP-Method-Override: DELETE', 'X-Original-URL: /', 'X-Forwarded-For: 127.0.0.1', 'Content-Length: 0'],
].flat();

const METHODS = [
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PURGE',
  'MKCOL',
  'M-SEARCH',
  'LINK',
];

const SHOWN = [
  '/metrics',
  '/metrics?',
  '/metrics?x',
  '/metrics?%',
  '/metrics?a=b&&&=',
  '/metrics?name',
  'http://x/metrics',
];
const SHOWN_AT = [
  ...SHOWN,
  `/metrics?name[]=${SECRET}`,
  `/metrics?name%5B%5D=${SECRET}&x=%ff`,
  'HTTPS://y:1/metrics?x',
];

const ELSEWHERE = [
  [
    '/metrics/',
    '//metrics',
    '/metrics//',
    '/Metrics',
    '/METRICS',
    '/metrics%00',
    '/metrics%20',
    '/metrics%2F',
    '/metrics%3F',
  ],
  ['/./metrics', '/x/../metrics', '/metrics/..', '/metrics.', '/metrics\\', '/metrics#', '/%2fmetrics', '/metric'],
  ['/metrics;x', '/%', '/%ff', '/users/../metrics', '///x/metrics', `/${'m'.repeat(5000)}`],
].flat();

/** The names in a query, of which there may be 1,024 in 65,536 characters. */
const namesIn = (count, name) => `/metrics?${Array(count).fill(`name[]=${name}`).join('&')}`;

/** What is wrong about it, its bytes but for who sends it, and the status. */
export const SCRAPES = [
  [...HEADERS, ...ENCODINGS, ...TIMEOUTS, ...OTHERS].map((header) => scrape('GET', '/metrics', 200, header)),
  ...METHODS.map((method) => scrape(method, '/metrics', 405)),
  scrape('POST', '/metrics', 405, 'Content-Type: nothing/known\r\nContent-Length: 4', 'body'),
  scrape('HEAD', '/metrics', 200),
  ...SHOWN_AT.map((target) => scrape('GET', target, 200)),
  ...ELSEWHERE.map((target) => scrape('GET', target, 'elsewhere')),
  scrape('GET', namesIn(1024, SECRET), 200),
  scrape('GET', namesIn(1025, 'x'), 400),
  scrape('GET', namesIn(4, 'x'.repeat(20_000)), 400),
  scrape('GET', `/metrics?${'&'.repeat(65_535)}`, 400),
  scrape('GET', `/metrics?${'%'.repeat(60_000)}`, 200),
  scrape('GET', `/metrics?${'name[]=%F0%9F&'.repeat(1000)}`, 200),
].flat();

function scrape(method, target, status, header = 'X: y', body = '') {
  const head = `${method} ${target} HTTP/1.1\r\nHost: x\r\n${header}\r\n`;
  const what = `${method} ${target} ${header}`;
  return {
    what: what.length > 100 ? `${what.slice(0, 100)}... (${what.length} characters)` : what,
    method,
    head,
    body,
    status,
  };
}

const base64 = (text, encoding = 'utf8') => Buffer.from(text, encoding).toString('base64');
const [NAME, PASSWORD] = USER;

/** By who may see the metrics: what somebody else sends as `Authorization`. */
export const WRONG = {
  bearer: [
    [
      '',
      ' ',
      'Bearer',
      'Bearer ',
      `Bearer ${TOKEN}x`,
      `Bearer x${TOKEN}`,
      `Bearer ${TOKEN} x`,
      `Bearer ${TOKEN},`,
      'Bearer \xff\xfe',
    ],
    [`Basic ${TOKEN}`, TOKEN, `Bearer${TOKEN}`, `Bearer ${TOKEN.toUpperCase()}`, `Bearer "${TOKEN}"`, `Token ${TOKEN}`],
    [
      `Bearer ${'x'.repeat(LONG)}`,
      `Bearer ${' '.repeat(LONG)}`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      'Bearer undefined',
      'Bearer [object Object]',
    ],
    [
      `Bearer ${TOKEN}\r\nAuthorization: Bearer ${TOKEN}`,
      `Bearer x\r\nAuthorization: Bearer ${TOKEN}`,
      `Basic ${base64(`x:${TOKEN}`)}`,
    ],
  ].flat(),
  basic: [
    [
      '',
      'Basic',
      'Basic ',
      'Basic :',
      'Basic ====',
      `Basic ${base64(':')}`,
      `Basic ${base64(`${NAME}:`)}`,
      `Basic ${base64(`:${PASSWORD}`)}`,
    ],
    [
      `Basic ${base64(`${NAME}:${PASSWORD}x`)}`,
      `Basic ${base64(`${NAME}${PASSWORD}`)}`,
      `Basic ${base64(`${NAME}:${PASSWORD}`, 'latin1')}`,
    ],
    [
      `Basic ${base64(`${NAME}:${PASSWORD}`)}!`,
      `Basic ${NAME}:${PASSWORD}`,
      `Bearer ${base64(`${NAME}:${PASSWORD}`)}`,
      'Basic \xff',
    ],
    [
      `Basic ${base64('x'.repeat(LONG))}`,
      `Basic ${'='.repeat(LONG)}`,
      `Basic ${base64(`${NAME}:${PASSWORD}\0`)}`,
      'Digest username="x"',
    ],
  ].flat(),
};

/** What the right one sends. */
export const RIGHT = {
  everybody: '',
  bearer: `Authorization: Bearer ${TOKEN}\r\n`,
  basic: `Authorization: Basic ${base64(`${NAME}:${PASSWORD}`)}\r\n`,
};
