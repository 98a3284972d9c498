import type { HeldMetrics } from './held-metrics.ts';

/** The version of Node.js, whole and in parts. */
export function collectVersion(metrics: HeldMetrics): void {
  const [major = '', minor = '', patch = ''] = process.versions.node.split(/[.+-]/);
  metrics.info(
    { name: 'nodejs_version_info', help: 'Version of Node.js as labels; the value is always 1.' },
    { version: process.version, major, minor, patch },
  );
}
