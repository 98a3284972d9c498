import { expectShown } from './shown.ts';

const PRINTED = 'a_total 1\nb 2\nc_seconds_sum 0.25\nd 4\n';

describe('What is shown', () => {
  it.each(['a_total 1\nb 2\nc_seconds_sum 0.5\nd 4\n', '...\nb 2\n...\nd 4\n', 'a_total 1\n...\n'])(
    'may leave out what dots stand for, and differ in times: %j',
    (shown) => {
      expect(() => expectShown(shown, PRINTED)).not.toThrow();
    },
  );

  it.each([
    ['another number', 'a_total 2\n...\n'],
    ['a line too many', 'a_total 1\nx 1\n...\n'],
    ['a line too few', 'a_total 1\nd 4\n'],
    ['another order', '...\nd 4\n...\nb 2\n...\n'],
    ['an end too soon', 'a_total 1\nb 2\n'],
    ['more than there is', '...\nd 4\ne 5\n'],
  ])('has not %s', (_, shown) => {
    expect(() => expectShown(shown, PRINTED)).toThrow('toBe');
  });
});
