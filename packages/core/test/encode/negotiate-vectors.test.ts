import { negotiate } from '../../src/encode/negotiate.ts';
import { readVectors, withVectors } from '../vectors-folder.ts';

interface GoCase {
  table: string;
  name: string;
  accept: string;
  offered: string[];
  contentType: string;
}

interface Vectors {
  go: GoCase[];
  python: { accept: string | null; contentType: string; escaping: string; openmetrics: boolean }[];
  prometheusScrapeHeaders: { name: string; accept: string }[];
}

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** Where an answer was decided otherwise; the tables are Go's, whose default escaping depends on the caller. */
const DECIDED: readonly [reason: string, matches: (each: GoCase) => boolean, contentType: string][] = [
  [
    'protobuf as text is for debugging only, and not offered',
    ({ accept }) => /encoding=(compact-)?text/.test(accept),
    TEXT,
  ],
  [
    'OpenMetrics 2.0 is not offered, and 1.0 was asked for too',
    ({ name }) => name.includes('OM 1.0 and 2.0'),
    'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores',
  ],
  ['OpenMetrics 2.0 is not offered', ({ contentType }) => contentType.includes('version=2.0.0'), TEXT],
  ['a wildcard is text', ({ accept }) => accept === '*/*', TEXT],
  ['what is offered is not for a caller to choose', ({ name }) => name.includes('no text in accepted'), TEXT],
  ['allow-utf-8 is not for text 0.0.4', ({ contentType }) => contentType === `${TEXT}; escaping=allow-utf-8`, TEXT],
  [
    'protobuf says how it escapes where that was asked for',
    ({ accept, contentType }) => contentType.startsWith(PROTOBUF) && !accept.includes('escaping'),
    PROTOBUF,
  ],
];

/** Ours for the answer of Go: 0.0.1 is answered with 1.0.0, and no escaping is said that nobody asked for. */
function asWeAnswer(each: GoCase): string {
  const decided = DECIDED.find(([, matches]) => matches(each));
  if (decided !== undefined) return decided[2];
  const type = each.contentType.replace('version=0.0.1', 'version=1.0.0');
  if (each.accept.includes('escaping')) return type;
  const [plain] = type.split('; escaping=') as [string];
  return each.accept.includes('version=1.0.0') && plain !== TEXT ? `${plain}; escaping=underscores` : plain;
}

withVectors(() => {
  const { go, python, prometheusScrapeHeaders } = readVectors('negotiation.json') as Vectors;

  describe('Negotiation', () => {
    it.each(go)('ends as in Go: $table, $name', (each) => {
      expect(negotiate(each.accept).contentType).toBe(asWeAnswer(each));
    });

    const of2 = go.filter(({ accept, offered }) => accept !== '*/*' && offered.some((each) => each.includes('=2.0.0')));
    it.each(of2)('ends as in Go where OpenMetrics 2.0 is offered: $table, $name', ({ accept, contentType }) => {
      expect(contentType).toContain('version=2.0.0');
      expect(negotiate(accept, { openMetrics2: true }).contentType).toBe(
        contentType.replace('escaping=values', 'escaping=underscores'),
      );
    });

    it.each(go.filter(({ accept }) => !accept.includes('version=2.0.0')))(
      'ends as without OpenMetrics 2.0 where nobody asks for it: $table, $name',
      ({ accept }) => {
        expect(negotiate(accept, { openMetrics2: true })).toEqual(negotiate(accept));
      },
    );

    it.each(python)('ends as in Python: $accept', ({ accept, contentType, escaping, openmetrics }) => {
      expect(negotiate(accept ?? undefined)).toMatchObject({
        contentType,
        escaping,
        format: openmetrics ? 'openmetrics' : 'text',
      });
    });

    it.each(prometheusScrapeHeaders)('ends in what is asked for first: $name', ({ accept }) => {
      const expected = accept.startsWith('application/vnd')
        ? PROTOBUF
        : `application/openmetrics-text; version=1.0.0; charset=utf-8; ${/escaping=[^;]+/.exec(accept)?.[0]}`;
      expect(negotiate(accept).contentType).toBe(expected);
    });

    it('was decided otherwise for a reason that some case has', () => {
      expect(DECIDED.filter(([, matches]) => !go.some(matches))).toEqual([]);
    });
  });
});
