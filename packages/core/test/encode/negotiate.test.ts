import { negotiate } from '../../src/encode/negotiate.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const TEXT_1 = 'text/plain; version=1.0.0; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const ASKED = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

describe('The format of an answer', () => {
  it('is told as plain data, anew each time', () => {
    expect(negotiate('application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;q=0.2')).toEqual(
      {
        format: 'openmetrics',
        version: '1.0.0',
        escaping: 'allow-utf-8',
        contentType: `${OPENMETRICS}; escaping=allow-utf-8`,
      },
    );
    expect(negotiate('application/openmetrics-text')).toEqual({
      format: 'openmetrics',
      version: '1.0.0',
      escaping: 'underscores',
      contentType: OPENMETRICS,
    });
    expect(negotiate(ASKED)).toEqual({ format: 'protobuf', escaping: 'underscores', contentType: PROTOBUF });
    expect(negotiate('text/plain')).not.toBe(negotiate('text/plain'));
  });

  it.each([
    undefined,
    '',
    ' , ,',
    '*/*',
    'text/*',
    'text/plain',
    'TEXT/Plain',
    'text/plain;version=0.0.4',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
    'gobbledygook',
    'application/json',
    'text/plain;q=0',
    '*/*;q=0',
    ';;;=;',
    '"',
    'text/plain;version="0.0.4',
    'text/plain;version="1.0.0x',
    'text/plain;version=x1.0.0"',
    'text/plain;version=1.0.0=',
    'text/plain;note="a;version=1.0.0;b"',
    'application/openmetrics-text;q=0',
  ])('is text 0.0.4 for %p', (header) => {
    expect(negotiate(header)).toEqual({ format: 'text', version: '0.0.4', escaping: 'underscores', contentType: TEXT });
  });

  it.each([
    ['application/openmetrics-text', OPENMETRICS],
    ['application/openmetrics-text;version=0.0.1', OPENMETRICS],
    ['application/openmetrics-text;version=1.0.0', `${OPENMETRICS}; escaping=underscores`],
    ['text/plain;version=1.0.0', `${TEXT_1}; escaping=underscores`],
    [ASKED, PROTOBUF],
  ])('is, for %s, %s', (header, contentType) => {
    expect(negotiate(header)).toMatchObject({ escaping: 'underscores', contentType });
  });

  it.each([
    'application/openmetrics-text;version=2.0.0',
    'application/openmetrics-text;version=0.0.4',
    'text/plain;version=invalid',
    'application/vnd.google.protobuf',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
    'application/vnd.google.protobuf;proto=Other;encoding=delimited',
  ])('is that of the next clause where this one cannot be served: %s', (header) => {
    expect(negotiate(`${header};q=0.9,text/plain;version=1.0.0;q=0.1`).contentType).toContain(TEXT_1);
    expect(negotiate(header).contentType).toBe(TEXT);
  });

  it('is that of the clause with the greatest weight', () => {
    expect(negotiate('text/plain;q=0.5,application/openmetrics-text;q=0.6').format).toBe('openmetrics');
    expect(negotiate('text/plain;q=0.6,application/openmetrics-text;q=0.5').format).toBe('text');
    expect(negotiate('text/plain;q=0.999,application/openmetrics-text').format).toBe('openmetrics');
    expect(negotiate('text/plain;Q=0.1,application/openmetrics-text;q=0.2').format).toBe('openmetrics');
  });

  it('is that of the first of several clauses of one weight', () => {
    expect(negotiate('text/plain,application/openmetrics-text').format).toBe('text');
    expect(negotiate('application/openmetrics-text,text/plain').format).toBe('openmetrics');
    expect(negotiate('application/json,application/openmetrics-text;q=0.5,text/plain;q=0.5').format).toBe(
      'openmetrics',
    );
  });

  it('is never one that is refused', () => {
    expect(negotiate('application/openmetrics-text;q=0,text/plain;q=0.1').format).toBe('text');
    expect(negotiate('*/*,text/plain;q=0').format).toBe('openmetrics');
    expect(negotiate('*/*,text/*;q=0').format).toBe('openmetrics');
    expect(negotiate('*/*;q=0,application/openmetrics-text;q=0.1').format).toBe('openmetrics');
    expect(negotiate('*/*,text/plain;q=0,application/openmetrics-text;q=0').format).toBe('text');
    expect(negotiate('text/plain;version=1.0.0,text/plain;q=0.0').contentType).toContain(TEXT_1);
  });

  it('is one that is refused, where another clause asks for that very version', () => {
    const header = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;q=0';
    expect(negotiate(header).contentType).toBe(`${OPENMETRICS}; escaping=underscores`);
  });

  it('is, for a wildcard, also one that another clause asks for with less weight', () => {
    expect(negotiate('text/plain;q=0.1,*/*').format).toBe('text');
  });

  it('is that of a wildcard for texts, though all else is refused', () => {
    expect(negotiate('*/*;q=0,text/*;escaping=values').contentType).toBe(`${TEXT}; escaping=values`);
  });

  it('takes a weight that is none as 1, one out of range as the nearest', () => {
    expect(negotiate('application/openmetrics-text;q=x,text/plain;q=0.9').format).toBe('openmetrics');
    expect(negotiate('application/openmetrics-text;q=,text/plain;q=0.9').format).toBe('openmetrics');
    expect(negotiate('application/openmetrics-text;q=-1,text/plain;q=0.1').format).toBe('text');
    expect(negotiate('application/openmetrics-text,text/plain;q=7').format).toBe('openmetrics');
  });

  it('is read with blanks, quotes and escapes wherever they may stand', () => {
    expect(
      negotiate(' application/openmetrics-text ; VERSION = "1.0.0" ;\tescaping="d\\ots" ; q=1.0 , text/plain')
        .contentType,
    ).toBe(`${OPENMETRICS}; escaping=dots`);
    expect(negotiate('text/plain;note="a,application/openmetrics-text;version=1.0.0";q=0.5').contentType).toBe(TEXT);
    expect(negotiate('text/plain ; version = 1.0.0').contentType).toBe(`${TEXT_1}; escaping=underscores`);
    expect(negotiate('application/openmetrics-text;note="a,text/plain";version=1.0.0').contentType).toBe(
      `${OPENMETRICS}; escaping=underscores`,
    );
    expect(negotiate('text/plain;note="\\",application/openmetrics-text"').contentType).toBe(TEXT);
  });

  it('is found quickly in a header made to be slow', () => {
    const header = [',', ';', '"', '\\', '"\\', 'a;', '*/*,', ' ']
      .map((each) => each.repeat(20_000))
      .join('text/plain');
    const start = performance.now();
    negotiate(header);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('OpenMetrics 2.0', () => {
  const OPENMETRICS_2 = 'application/openmetrics-text; version=2.0.0; charset=utf-8';
  const asked = 'application/openmetrics-text;version=2.0.0';

  it('is the answer to who asks for that version, where it is offered', () => {
    expect(negotiate(asked, { openMetrics2: true })).toEqual({
      format: 'openmetrics',
      version: '2.0.0',
      escaping: 'underscores',
      contentType: `${OPENMETRICS_2}; escaping=underscores`,
    });
    for (const options of [undefined, {}, { openMetrics2: undefined }, { openMetrics2: false }])
      expect(negotiate(asked, options).contentType).toBe(TEXT);
  });

  it.each(['allow-utf-8', 'underscores', 'dots', 'values'])('says how names are escaped: %s', (scheme) => {
    expect(negotiate(`${asked};escaping=${scheme}`, { openMetrics2: true })).toMatchObject({
      escaping: scheme,
      contentType: `${OPENMETRICS_2}; escaping=${scheme}`,
    });
  });

  it.each([
    ['*/*', TEXT],
    ['*/*;version=2.0.0', TEXT],
    ['*/*,text/plain;q=0', OPENMETRICS],
    ['application/*', TEXT],
    ['application/openmetrics-text', OPENMETRICS],
    ['application/openmetrics-text;version=0.0.1', OPENMETRICS],
    ['application/openmetrics-text;version=1.0.0', `${OPENMETRICS}; escaping=underscores`],
    ['application/openmetrics-text;version=2.0.0-rc0', TEXT],
    ['application/openmetrics-text;version=2', TEXT],
    ['text/plain;version=2.0.0', TEXT],
    [`${asked};q=0,*/*`, TEXT],
  ])('is never the answer to %s', (header, contentType) => {
    expect(negotiate(header, { openMetrics2: true }).contentType).toBe(contentType);
  });

  it('is weighed as the others are', () => {
    const header = (of1: number, of2: number): string =>
      `application/openmetrics-text;version=1.0.0;q=${of1},${asked};q=${of2},*/*;q=0.1`;
    expect(negotiate(header(0.8, 0.9), { openMetrics2: true }).version).toBe('2.0.0');
    expect(negotiate(header(0.9, 0.8), { openMetrics2: true }).version).toBe('1.0.0');
    expect(negotiate(header(0.8, 0.9)).version).toBe('1.0.0');
    expect(negotiate(header(0, 0)).contentType).toBe(TEXT);
  });
});

describe('The escaping of names', () => {
  const escaping = (header: string): string => negotiate(header).escaping;

  it.each(['allow-utf-8', 'underscores', 'dots', 'values'])('is the one asked for, and said: %s', (scheme) => {
    for (const [asked, type] of [
      ['application/openmetrics-text;version=1.0.0', OPENMETRICS],
      ['text/plain;version=1.0.0', TEXT_1],
      [ASKED, PROTOBUF],
    ]) {
      expect(negotiate(`${asked};escaping=${scheme}`)).toMatchObject({
        escaping: scheme,
        contentType: `${type}; escaping=${scheme}`,
      });
    }
  });

  it('is that of the clause that matched', () => {
    const header =
      'application/openmetrics-text;version=2.0.0;escaping=allow-utf-8,application/openmetrics-text;version=1.0.0;q=0.5';
    expect(escaping(header)).toBe('underscores');
    expect(escaping('text/plain;version=1.0.0;escaping=dots;q=0.1,text/plain;version=1.0.0;escaping=values')).toBe(
      'values',
    );
  });

  it('is with underscores where it is unknown', () => {
    expect(negotiate('text/plain;version=1.0.0;escaping=utf-9').contentType).toBe(`${TEXT_1}; escaping=underscores`);
    expect(negotiate(`${ASKED};escaping=utf-9`).contentType).toBe(PROTOBUF);
  });

  it('leaves no name unescaped for a version that knows no quotes', () => {
    for (const asked of ['text/plain', 'text/plain;version=0.0.4', '*/*']) {
      expect(negotiate(`${asked};escaping=allow-utf-8`)).toMatchObject({ escaping: 'underscores', contentType: TEXT });
    }
    expect(negotiate('application/openmetrics-text;escaping=allow-utf-8')).toMatchObject({
      escaping: 'underscores',
      contentType: OPENMETRICS,
    });
    expect(negotiate('text/plain;version=0.0.4;escaping=values')).toMatchObject({
      escaping: 'values',
      contentType: `${TEXT}; escaping=values`,
    });
  });
});

describe('The header of Prometheus', () => {
  it('2.42 leads to OpenMetrics, and with native histograms to protobuf', () => {
    const header =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    expect(negotiate(header).contentType).toBe(`${OPENMETRICS}; escaping=underscores`);
    expect(negotiate(`${ASKED},application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1`).contentType).toBe(PROTOBUF);
  });
});
