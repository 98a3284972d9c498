import { LIBRARIES } from './libraries.js';
import { isMet } from './rows.js';

/** Rows as a table in Markdown. */
export function tableOf(rows, { short }) {
  const libraries = columnsOf(rows);
  const head = ['', ...libraries, 'ratio', ...(short ? [] : ['goal', 'met'])];
  const lines = rows.map((row) => [
    row.name,
    ...libraries.map((library) => figure(row.results?.[library], row.unit)),
    row.ratio === undefined ? '' : `${significant(row.ratio)} ×`,
    ...(short ? [] : [goalText(row), metText(row)]),
  ]);
  const widths = head.map((_, i) => Math.max(3, ...[head, ...lines].map((cells) => cells[i].length)));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...lines.map(line)].join('\n');
}

/** Those that the libraries are, first, and whatever else there is. */
function columnsOf(rows) {
  const all = new Set(rows.flatMap(({ results = {} }) => Object.keys(results)));
  return [...LIBRARIES.filter((library) => all.has(library)), ...[...all].filter((name) => !LIBRARIES.includes(name))];
}

export function goalText({ unit, goal }) {
  if (goal === undefined) return '';
  const { times, most, bytes, aim } = goal;
  const parts = [];
  if (times !== undefined) parts.push(`${significant(times)} ×${aim === undefined ? '' : `, better ${aim}`}`);
  if (most !== undefined) parts.push(`≤ ${figure({ value: most }, unit)}`);
  if (bytes !== undefined) parts.push(`${bytes} B`);
  return parts.join(', ');
}

export function metText(row) {
  const met = isMet(row);
  return met === undefined ? '' : met ? 'yes' : 'NO';
}

/** A figure with half of the range that the middle half of its measurements take, and the bytes that it allocates. */
export function figure(result, unit) {
  if (result === undefined) return '';
  const { value, low, high, bytes } = result;
  const spread = low === undefined || low === high ? '' : ` ±${Math.round(Math.abs((high - low) / 2 / value) * 100)}%`;
  return `${quantity(value, unit)}${spread}${bytes === undefined ? '' : `, ${bytes} B`}`;
}

const STEPS = { ns: [1000, 'µs'], µs: [1000, 'ms'], ms: [1000, 's'], B: [1024, 'KiB'], KiB: [1024, 'MiB'] };

function quantity(value, unit) {
  const [step, next] = STEPS[unit] ?? [];
  if (step !== undefined && Math.abs(value) >= step * 2) return quantity(value / step, next);
  return `${significant(value)} ${unit}`;
}

function significant(value) {
  return value === 0 || Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
