import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const ROWS = pathToFileURL(resolve(__dirname, '../src/rows.js')).href;

interface Figure {
  value: number;
  low?: number;
  rounds?: readonly number[];
}

/** The ratio of a row that compares ours with what peers take. */
function ratio(ours: Figure, ...peers: readonly Figure[]): unknown {
  const program = `
    import { comparedRow } from ${JSON.stringify(ROWS)};
    const [ours, ...peers] = ${JSON.stringify([ours, ...peers])};
    const row = comparedRow('added', 'µs', { Prometer: ours, ...peers }, { times: 2, against: Object.keys(peers) });
    console.log(JSON.stringify(row.ratio ?? null));
  `;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
}

describe('A row of the benchmarks', () => {
  it.each([
    ['how many times less ours is than the best peer', { value: 2 }, [{ value: 8 }, { value: 6 }], 3],
    ['none where ours is lost in the noise', { value: 2, low: -1 }, [{ value: 8 }, { value: 6 }], null],
    ["none where the best peer's is", { value: 2, low: 1 }, [{ value: 8 }, { value: 6, low: -2 }], null],
    ['none where both are less than 0', { value: -1 }, [{ value: 8 }, { value: -6 }], null],
    [
      'the median of the rounds, each of which may be slower than another',
      { value: 2, rounds: [1, 2, 4] },
      [{ value: 9, rounds: [3, 9, 16] }],
      4,
    ],
    [
      'that to the best peer by rounds',
      { value: 2, rounds: [1, 2, 4] },
      [
        { value: 5, rounds: [5, 10, 3] },
        { value: 6, rounds: [3, 6, 12] },
      ],
      3,
    ],
    ['none without peers', { value: 2 }, [], null],
  ])('has as its ratio %s', (_, ours, peers, expected) => {
    expect(ratio(ours, ...peers)).toBe(expected);
  });
});
