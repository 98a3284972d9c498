import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const ROWS = pathToFileURL(resolve(__dirname, '../src/rows.js')).href;

/** The ratio of a row that compares ours with what two peers take. */
function ratio(ours: number, ...peers: readonly number[]): unknown {
  const program = `
    import { comparedRow } from ${JSON.stringify(ROWS)};
    const [ours, ...peers] = ${JSON.stringify([ours, ...peers])};
    const results = { Prometer: { value: ours }, ...peers.map((value) => ({ value })) };
    const row = comparedRow('added', 'µs', results, { times: 2, against: Object.keys(peers) });
    console.log(JSON.stringify(row.ratio ?? null));
  `;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
}

describe('A row of the benchmarks', () => {
  it.each([
    ['how many times less ours is than the best peer', 2, [8, 6], 3],
    ['none where ours is lost in the noise', -1, [8, 6], null],
    ["none where the best peer's is", 2, [8, -6], null],
    ['none where both are', -1, [8, -6], null],
    ['none without peers', 2, [], null],
  ])('has as its ratio %s', (_, ours, peers, expected) => {
    expect(ratio(ours, ...peers)).toBe(expected);
  });
});
