import { gunzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import * as fc from 'fast-check';
import { readVectors, withVectors } from '../../../core/test/vectors-folder.ts';
import { metricsHandler } from '../../src/index.ts';
import { codingFor, HAS_ZSTD } from '../../src/serve/content-coding.ts';
import { ask } from '../client.ts';
import { registryOf, serving } from '../servers.ts';

const [withZstd, withoutZstd] = [true, false];

describe('codingFor', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['br, deflate', undefined],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate, gzip;q=1.0, *;q=0.5', 'gzip'],
    ['gzip ; q=0.001', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip;q=0.000', undefined],
    ['*', 'gzip'],
    ['*;q=0', undefined],
    ['gzip;q=0, *', 'zstd'],
    ['gzip, zstd', 'gzip'],
    ['zstd, gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['zstd, gzip;q=0.9', 'zstd'],
    ['zstd;q=0.5, gzip;q=0.9', 'gzip'],
    ['zstd, *;q=0.1', 'zstd'],
    ['identity, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip', 'gzip'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['*, gzip;q=0.5, zstd;q=0.5', undefined],
    ['gzip;q=5', undefined],
    ['gzip;q=', undefined],
    ['gzip;q=-1', undefined],
    ['gzip;q=0.1234', undefined],
    [',,gzip,', 'gzip'],
    ['identity;q=0', undefined],
  ])('finds for %p the coding %p', (header, coding) => {
    expect(codingFor(header, withZstd)?.name).toBe(coding);
  });

  it.each([
    ['zstd', undefined],
    ['zstd, gzip;q=0.1', 'gzip'],
    ['gzip;q=0, *', undefined],
  ])('finds for %p the coding %p where there is no zstd', (header, coding) => {
    expect(codingFor(header, withoutZstd)?.name).toBe(coding);
  });

  it('packs from 1,024 bytes on, and less for those who refuse what is not packed', () => {
    expect(codingFor('gzip')?.fromBytes).toBe(1024);
    expect(codingFor('gzip, identity;q=0')?.fromBytes).toBe(0);
    expect(codingFor('gzip, *;q=0')?.fromBytes).toBe(0);
  });

  it('packs for no one who refuses it, whatever else is said', () => {
    const others = fc.array(fc.constantFrom('br', 'zstd;q=0', 'deflate;q=0.5', '*;q=0.3', 'identity', ' ', ';;q'));
    fc.assert(
      fc.property(others, others, (before, after) => {
        expect(codingFor([...before, 'gzip;q=0', ...after].join(','), withoutZstd)).toBeUndefined();
      }),
    );
  });

  it('takes anything for a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('gzip;q=01.,* \tidentyé"')) }), (header) => {
        expect([undefined, 'gzip', 'zstd']).toContain(codingFor(header, withZstd)?.name);
      }),
    );
  });

  withVectors(() => {
    const { acceptEncoding } = readVectors('negotiation.json') as {
      acceptEncoding: { name: string; acceptEncoding: string; expected: string }[];
    };

    it.each(acceptEncoding)('agrees with Go: $name', ({ acceptEncoding: header, expected }) => {
      expect(codingFor(header, withZstd)?.name ?? 'identity').toBe(expected);
    });
  });
});

/** How long scrapes take is no part of it, which would not be known beforehand. */
const PATH = '/?name[]=gauge_with_lines';

describe('a packed answer', () => {
  const small = registryOf(100);
  const large = registryOf(10_000);

  it('is small and has its length where it is whole', async () => {
    const { headers, bytes } = await serving(metricsHandler({ registry: small }), (port) =>
      ask(port, PATH, 'GET', { 'accept-encoding': 'gzip' }),
    );

    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect(gunzipSync(bytes).toString()).toBe(await small.metrics({ names: ['gauge_with_lines'] }));
  });

  it('is the same as an unpacked one where it is streamed', async () => {
    const { headers, bytes } = await serving(metricsHandler({ registry: large }), (port) =>
      ask(port, PATH, 'GET', { 'accept-encoding': 'gzip' }),
    );

    expect([headers['content-encoding'], headers['content-length']]).toEqual(['gzip', undefined]);
    expect(gunzipSync(bytes).toString()).toBe(await large.metrics({ names: ['gauge_with_lines'] }));
  });

  it('is not made of a few bytes', async () => {
    const few = registryOf(10);
    const { headers } = await serving(metricsHandler({ registry: few }), (port) =>
      ask(port, PATH, 'GET', { 'accept-encoding': 'gzip' }),
    );

    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, 'Accept, Accept-Encoding']);
  });

  it('is made of a few bytes for a client that takes nothing else', async () => {
    const few = registryOf(1);
    const { headers, bytes } = await serving(metricsHandler({ registry: few }), (port) =>
      ask(port, PATH, 'GET', { 'accept-encoding': 'gzip, identity;q=0' }),
    );

    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(bytes).toString()).toContain('gauge_with_lines{number="000000000000"} 0\n');
  });

  it('is not packed again where somebody else has said how it will be', async () => {
    const handler = metricsHandler({ registry: small });
    const { headers, bytes } = await serving(
      (request, response) => {
        response.setHeader('Content-Encoding', 'x-other');
        handler(request, response);
      },
      (port) => ask(port, PATH, 'GET', { 'accept-encoding': 'gzip' }),
    );

    expect(headers['content-encoding']).toBe('x-other');
    expect(bytes.toString()).toContain('gauge_with_lines{number="000000000000"} 0\n');
  });

  if (HAS_ZSTD) {
    it.each([
      ['whole', small],
      ['streamed', large],
    ])('is zstd for those who want it rather than gzip, %s', async (_how, registry) => {
      const { headers, bytes } = await serving(metricsHandler({ registry }), (port) =>
        ask(port, PATH, 'GET', { 'accept-encoding': 'zstd, gzip;q=0.5' }),
      );

      expect(headers['content-encoding']).toBe('zstd');
      expect(unpackZstd(bytes)).toBe(await registry.metrics({ names: ['gauge_with_lines'] }));
    });
  }
});

function unpackZstd(bytes: Buffer): string {
  // Node.js 20 has none, nor have its types.
  const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync(bytes: Buffer): Buffer };
  return zstdDecompressSync(bytes).toString();
}
