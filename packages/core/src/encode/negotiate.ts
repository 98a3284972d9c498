import type { EscapingScheme } from '../escaping.ts';

/** In which format a scrape is answered, and how. */
export interface Negotiated {
  format: 'text' | 'openmetrics' | 'protobuf';
  /** Which version of the format; protobuf has none. OpenMetrics 2.0.0 has an encoder of its own, `openMetrics2Encoder`. */
  version?: '0.0.4' | '1.0.0' | '2.0.0';
  /** How names are written that aren't legal without quotes. */
  escaping: EscapingScheme;
  /** The answer's `Content-Type`. */
  contentType: string;
}

/** What may be answered beyond what every scraper is prepared for. */
export interface NegotiateOptions {
  /**
   * Whether OpenMetrics 2.0.0, which is a release candidate, is served to those who ask for that very version, which no
   * wildcard and no clause without a version does (OpenMetrics 2.0, "Protocol Negotiation"). Off if left out.
   */
  openMetrics2?: boolean | undefined;
}

/** One of the media ranges of an `Accept` header. */
interface Clause {
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  readonly weight: number;
}

/** What can be answered, and its media type. */
interface Offer extends Pick<Negotiated, 'format' | 'version'> {
  readonly type: string;
  /** The clause asks for a version that knows of quoted names, or for protobuf, which needs none. */
  readonly hasUtf8: boolean;
}

const PROTO = 'io.prometheus.client.MetricFamily';
const TEXT: Offer = {
  format: 'text',
  version: '0.0.4',
  hasUtf8: false,
  type: 'text/plain; version=0.0.4; charset=utf-8',
};
const TEXT_1: Offer = {
  format: 'text',
  version: '1.0.0',
  hasUtf8: true,
  type: 'text/plain; version=1.0.0; charset=utf-8',
};
const OPENMETRICS: Offer = {
  format: 'openmetrics',
  version: '1.0.0',
  hasUtf8: false,
  type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};
const OPENMETRICS_1: Offer = { ...OPENMETRICS, hasUtf8: true };
const OPENMETRICS_2: Offer = {
  format: 'openmetrics',
  version: '2.0.0',
  hasUtf8: true,
  type: 'application/openmetrics-text; version=2.0.0; charset=utf-8',
};
const PROTOBUF: Offer = {
  format: 'protobuf',
  hasUtf8: true,
  type: `application/vnd.google.protobuf; proto=${PROTO}; encoding=delimited`,
};

const SCHEMES: readonly unknown[] = ['allow-utf-8', 'underscores', 'dots', 'values'] satisfies EscapingScheme[];

/**
 * The format for the `Accept` header of a scrape: that of the clause with the greatest weight, and of the first of
 * several, that can be served, with the escaping of that very clause (RFC 9110, "Accept"; Prometheus, "Scrape protocol
 * content negotiation"). Whatever is asked for, there is an answer: text 0.0.4 where nothing else fits.
 *
 * @example
 * ```ts
 * negotiate('application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2');
 * // { format: 'openmetrics', version: '1.0.0', escaping: 'allow-utf-8',
 * //   contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8' }
 * negotiate('application/openmetrics-text;version=2.0.0', { openMetrics2: true }).version; // '2.0.0'
 * ```
 */
export function negotiate(acceptHeader?: string, { openMetrics2 = false }: NegotiateOptions = {}): Negotiated {
  const clauses = split(acceptHeader ?? '', ',').map(clauseOf);
  // As a set: a hostile header has thousands of clauses.
  const refused = new Set(
    clauses
      .filter(({ type, weight }) => weight === 0 && type !== '*/*')
      .flatMap((clause) => offersFor(clause, openMetrics2).map(({ type }) => type)),
  );
  // Sorting keeps the order of those that weigh the same.
  const wanted = clauses.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  for (const clause of wanted) {
    // A wildcard stands for what no other clause refuses.
    const isRefused = ({ type }: Offer): boolean => clause.type.endsWith('/*') && refused.has(type);
    const offer = offersFor(clause, openMetrics2).find((each) => !isRefused(each));
    if (offer !== undefined) return answer(offer, clause.params.get('escaping'));
  }
  return answer(TEXT, undefined);
}

/** What answers a clause, best first; nothing where it can't be served, an unknown version included. */
function offersFor({ type, params }: Clause, openMetrics2: boolean): readonly Offer[] {
  const version = params.get('version');
  switch (type) {
    case 'application/vnd.google.protobuf':
      return params.get('proto') === PROTO && params.get('encoding') === 'delimited' ? [PROTOBUF] : [];
    case 'application/openmetrics-text':
      if (version === '1.0.0') return [OPENMETRICS_1];
      if (version === '2.0.0') return openMetrics2 ? [OPENMETRICS_2] : [];
      // The versions before it have the same grammar.
      return version === undefined || version === '0.0.1' ? [OPENMETRICS] : [];
    case 'text/plain':
      if (version === '1.0.0') return [TEXT_1];
      return version === undefined || version === '0.0.4' ? [TEXT] : [];
    case 'text/*':
      return [TEXT];
    case '*/*':
      return [TEXT, OPENMETRICS];
    default:
      return [];
  }
}

/** Versions that know of quoted names always say how they escape, others where a clause asked for what they do. */
function answer({ format, version, hasUtf8, type }: Offer, asked: string | undefined): Negotiated {
  const isHonoured = SCHEMES.includes(asked) && (hasUtf8 || asked !== 'allow-utf-8');
  const escaping = isHonoured ? (asked as EscapingScheme) : 'underscores';
  const isSaid = isHonoured || (hasUtf8 && version !== undefined);
  return {
    format,
    ...(version !== undefined && { version }),
    escaping,
    contentType: isSaid ? `${type}; escaping=${escaping}` : type,
  };
}

function clauseOf(text: string): Clause {
  const [type = '', ...rest] = split(text, ';');
  const params = new Map<string, string>();
  for (const each of rest) {
    const [name = '', ...value] = each.split('=');
    params.set(name.trim().toLowerCase(), unquote(value.join('=').trim()));
  }
  return { type: type.toLowerCase(), params, weight: weightOf(params.get('q')) };
}

/** 1 without a weight, and where it is no number; at most 1, at least 0. */
function weightOf(given: string | undefined): number {
  const weight = given === undefined || given === '' ? 1 : Number(given);
  return Number.isNaN(weight) ? 1 : Math.min(Math.max(weight, 0), 1);
}

/** What stands between separators that aren't in quotes, without blanks around it and without what is empty. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts = text.match(separator === ',' ? /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g : /(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g);
  return (parts ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replace(/\\(.)/g, '$1')
    : value;
}
