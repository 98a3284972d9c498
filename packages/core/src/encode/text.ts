import type { FamilyView, HistogramSeriesView, LabelledSeries, SummarySeriesView, ValueSeries } from '../model.ts';
import { escapeMetricName } from '../names.ts';
import { ByteWriter } from './byte-writer.ts';
import { formatBound } from './numbers.ts';

/** The media type of what {@link encodeText} makes. */
export const TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** About how many bytes a piece has; what is written for one series is never torn apart. */
const PIECE = 64 * 1024;

/**
 * Families as Prometheus' text format 0.0.4 (Prometheus, "Exposition formats: Text-based format"), in pieces
 * of some 64 KB, so that whoever asks for the next one decides when it is made.
 */
export function* encodeText(families: Iterable<FamilyView>): Generator<Uint8Array, void, undefined> {
  const out = new ByteWriter(PIECE + 4096);
  for (const family of families) {
    const name = escapeMetricName(family.type === 'counter' ? `${family.name}_total` : family.name);
    out.text(`# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${family.type}\n`);
    const write = writerFor(out, name, family.type) as (series: LabelledSeries) => void;
    for (const series of family.series) {
      write(series);
      if (out.length >= PIECE) yield out.take();
    }
  }
  if (out.length > 0) yield out.take();
}

/** What writes the lines of one series, for a family of this type and name. */
function writerFor(out: ByteWriter, name: string, type: FamilyView['type']): (series: never) => void {
  switch (type) {
    case 'counter':
    case 'gauge':
      return (series: ValueSeries) => writeSample(out, name, series.labelText, series.value);
    case 'histogram':
      return histogramWriter(out, name);
    case 'summary':
      return (series: SummarySeriesView) => {
        writeSample(out, `${name}_sum`, series.labelText, series.sum);
        writeSample(out, `${name}_count`, series.labelText, series.count);
      };
  }
}

function histogramWriter(out: ByteWriter, name: string): (series: HistogramSeriesView) => void {
  let upperBounds: readonly number[] | undefined;
  let bounds: readonly string[] = [];
  return (series) => {
    if (series.upperBounds !== upperBounds) {
      upperBounds = series.upperBounds;
      bounds = [...upperBounds, Infinity].map((bound) => `le="${formatBound(bound)}"} `);
    }
    const start = out.length;
    out.text(`${name}_bucket{`);
    out.text(series.labelText === '' ? '' : `${series.labelText},`);
    const end = out.length;
    let count = 0;
    for (let i = 0; i < bounds.length; i++) {
      if (i > 0) out.repeat(start, end);
      out.text(bounds[i] as string);
      out.number((count += series.bucketCounts[i] as number));
      out.text('\n');
    }
    writeSample(out, `${name}_sum`, series.labelText, series.sum);
    writeSample(out, `${name}_count`, series.labelText, count);
  };
}

function writeSample(out: ByteWriter, name: string, labels: string, value: number): void {
  out.text(name);
  if (labels !== '') {
    out.text('{');
    out.text(labels);
    out.text('}');
  }
  out.text(' ');
  out.number(value);
  out.text('\n');
}

/** Backslash and line feed are escaped, double quotes are not. */
function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'));
}
