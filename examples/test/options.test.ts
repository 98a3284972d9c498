import { MetricError } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
import { codeIn, tableOf } from './documents.ts';

/** The names of all options, as they are told to who gives another one. */
function optionsThere(): string[] {
  try {
    new HttpMetrics({ 'nothing like an option': true } as HttpMetricsOptions);
  } catch (error) {
    const [, names = ''] = /The options are (.+)\.$/.exec((error as MetricError).message) ?? [];
    return names.split(', ');
  }
  return [];
}

describe('The table of options in docs/http-metrics.md', () => {
  const rows = tableOf('docs/http-metrics.md', 'Options');

  it('has each option that there is, and no other', () => {
    const named = rows.flatMap(([option]) => codeIn(option));

    expect(named.length).toBeGreaterThan(10);
    expect(named.toSorted()).toEqual(optionsThere().toSorted());
  });

  it('says of each what it is if it is left out, and what it does', () => {
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([]);
  });
});
