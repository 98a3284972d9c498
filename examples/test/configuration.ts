import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Defines the tests of `check` where this machine has a program. */
export function withProgram(program: string, check: () => void): void {
  if (has(program)) check();
  // Says what was not checked.
  else describe('The rest', () => it.skip(`is checked with ${program}`, () => {}));
}

export function has(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

/** What can stand in the configurations that are shown, by what it stands in. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['global', 'scrape_configs'],
  global: ['scrape_interval'],
  scrape_configs: ['job_name', 'scheme', 'authorization', 'basic_auth', 'tls_config', 'static_configs'],
  authorization: ['credentials_file'],
  basic_auth: ['username', 'password_file'],
  tls_config: ['ca_file', 'cert_file', 'key_file'],
  static_configs: ['targets'],
};

/** What is wrong with a configuration of Prometheus, as far as can be told without Prometheus; undefined if nothing is. */
export function whatIsWrongWithYaml(text: string): string | undefined {
  const open: { indent: number; key: string }[] = [];
  for (const line of text.split('\n')) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, indent = '', dash = '', key, value = ''] = /^( *)(- )?([a-z_]+):(?: +(.+))?$/.exec(line) ?? [];
    if (key === undefined || indent.length % 2 > 0) return `not understood: ${line}`;
    const column = indent.length + dash.length;
    while (open.length > 0 && (open.at(-1) as { indent: number }).indent >= column) open.pop();
    const parent = open.at(-1)?.key ?? '';
    if (!KEYS[parent]?.includes(key)) return `${key} in ${JSON.stringify(parent)}: ${line}`;
    if (key === 'targets' && !/^\['[\w.-]+:\d+'\]$/.test(value)) return `no target: ${line}`;
    if ((KEYS[key] === undefined) === (value === '')) return `a value where there should be none, or none: ${line}`;
    open.push({ indent: column, key });
  }
  return undefined;
}

/** What is wrong with a query, as far as can be told without Prometheus, given the labels of each sample's name. */
export function whatIsWrongWithQuery(
  query: string,
  samples: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  for (const [open, close] of ['()', '{}', '[]'] as const) {
    if (query.split(open as string).length !== query.split(close as string).length) return `${open} without ${close}`;
  }
  const bare = query.replace(/"[^"]*"/g, '""');
  const labels = new Set<string>();
  const words = bare.replace(/\{.*?\}|\[.*?\]|by \(.*?\)|offset \d+[smhd]/g, '').matchAll(/([a-z_]\w*)(\()?/g);
  for (const [, name = '', next] of words) {
    if (OPERATORS.includes(name)) continue;
    if (next !== undefined || name === 'sum') {
      if (!FUNCTIONS.includes(name)) return `no function that is known: ${name}`;
    } else {
      const its = samples.get(name);
      if (its === undefined) return `no metric: ${name}`;
      for (const label of its) labels.add(label);
    }
  }
  const used = [...bare.matchAll(/by \((.*?)\)/g)].flatMap(([, names]) => (names as string).split(', '));
  used.push(...Array.from(bare.matchAll(/([a-z_]+)=~?""/g), ([, name]) => name as string));
  const unknown = used.find((label) => !labels.has(label));
  return unknown === undefined ? undefined : `no label: ${unknown}`;
}

const FUNCTIONS = ['sum', 'rate', 'increase', 'histogram_quantile', 'vector'];

/** What stands between operands. */
const OPERATORS = ['or', 'unless'];

/** Runs promtool with files in a folder of its own, and returns what it complains of; empty if of nothing. */
export function promtool(args: readonly string[], files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
