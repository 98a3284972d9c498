// A batch job, which is over before anybody could scrape it: at its end it writes how it went into a file, which
// Prometheus' node_exporter shows (--collector.textfile.directory).
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Registry } from '@prometer/core';

const file = process.env.TEXTFILE ?? join(tmpdir(), 'batch-job.prom');

const registry = new Registry();
const rows = registry.gauge({ name: 'batch_job_rows', help: 'Rows that the last run has handled' });
const duration = registry.gauge({ name: 'batch_job_duration', unit: 'seconds', help: 'How long the last run took' });
const succeeded = registry.gauge({ name: 'batch_job_succeeded', help: 'Whether the last run has succeeded' });
const ended = registry.gauge({ name: 'batch_job_end_timestamp', unit: 'seconds', help: 'When the last run ended' });

const end = duration.startTimer();
try {
  await work();
  succeeded.set(1);
} catch (error) {
  console.error(`The job has failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  end();
  ended.setToCurrentTime();
  await writeTextfile();
}
console.log(process.exitCode === 1 ? `What it has left: cat ${file}` : `The job is done: cat ${file}`);

async function work() {
  for (let row = 0; row < 100; row++) {
    if (row === Number(process.env.FAIL_AT)) throw new Error(`Row ${row} can't be read.`);
    await setTimeout(1);
    rows.inc();
  }
}

/** Whoever reads the file finds the old one or the new one whole: it gets its name when it is complete. */
async function writeTextfile() {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, await registry.metrics());
  await rename(unfinished, file);
}
