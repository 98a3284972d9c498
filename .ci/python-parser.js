import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { start } from './processes.js';

/**
 * Starts Python with its client library's parsers. What it returns lets them read a document of the format
 * `openmetrics` or `text`: it resolves to the families, and rejects with what the parser says if it refuses it.
 */
export function startPythonParser() {
  // Debian's own, which has Debian's packages.
  const program = start('/usr/bin/python3', [join(import.meta.dirname, 'parse.py')], {
    env: { PYTHONUTF8: '1' },
    stdin: 'pipe',
  });
  const { stdin, stdout } = program.child;
  // A Python that has ended has said why, and gives no answer.
  stdin.on('error', () => {});
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async (format, document) => {
    stdin.write(`${JSON.stringify({ format, document })}\n`);
    const { done, value } = await Promise.race([answers.next(), setTimeout(30_000, { done: true }, { ref: false })]);
    if (done) throw new Error(`Python gave no answer: ${program.ended ?? 'it still runs'}\n${program.output}`);
    const { error, families } = JSON.parse(value);
    if (error !== undefined) throw new Error(`Python's parser refuses it: ${error}`);
    return families.map(readFamily);
  };
}

function readFamily(family) {
  return {
    ...family,
    samples: family.samples.map((sample) => ({
      ...readPoint(sample),
      exemplar: sample.exemplar && readPoint(sample.exemplar),
    })),
  };
}

/** With numbers for the texts of Python's numbers. */
function readPoint(point) {
  return { ...point, value: readNumber(point.value), timestamp: point.timestamp && readNumber(point.timestamp) };
}

function readNumber(text) {
  return text === 'nan' ? NaN : Number(text.replace('inf', 'Infinity'));
}
