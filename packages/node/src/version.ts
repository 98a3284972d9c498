import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';

/** What Node.js is built on that can matter to whoever asks why two processes differ. */
const COMPONENTS = ['v8', 'uv', 'openssl', 'llhttp', 'nghttp2', 'undici', 'zlib', 'icu'];

/** The version of Node.js, whole and in parts, and of what it is built on. */
export function collectVersion(metrics: HeldMetrics): void {
  metrics.info(
    {
      name: 'nodejs_version_info',
      help: 'Versions of Node.js and of what it is built on as labels; the value is always 1.',
    },
    { ...parts(), ...components() },
  );
}

/** Only that of Node.js, as prom-client has it. */
export function collectVersionAlone(metrics: HeldMetrics): void {
  const version = parts();
  metrics.gauges(
    { name: 'nodejs_version_info', help: 'Node.js version info.', labelNames: ['version', 'major', 'minor', 'patch'] },
    () => [[version, 1]],
  );
}

function parts(): Record<'version' | 'major' | 'minor' | 'patch', string> {
  const [major = '', minor = '', patch = ''] = process.versions.node.split(/[.+-]/);
  return { version: process.version, major, minor, patch };
}

/** Other runtimes name Node.js' components, with versions that are made up; their own is what counts there. */
function components(): Record<string, string> {
  const where = runtime();
  const named = where === 'node' ? COMPONENTS : [where];
  const known = named.map((name) => [name, process.versions[name]] as const);
  return Object.fromEntries(known.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
