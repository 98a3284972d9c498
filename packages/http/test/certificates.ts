import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Two authorities; one has signed a certificate for this machine and one for a client, the other one for another client. */
export interface Certificates {
  authority: Certificate;
  server: Certificate;
  client: Certificate;
  stranger: Certificate;
}

/** Defines the tests of `check` where there is the program `openssl`, as Node.js makes no certificates. */
export function withCertificates(check: (certificates: Certificates) => void): void {
  if (spawnSync('openssl', ['version']).status === 0) check(makeCertificates());
  // Says what was not checked.
  else it.skip('is checked with certificates that openssl has made', () => {});
}

function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'prometer-'));
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const read = (name: string): Certificate => ({
    cert: readFileSync(join(folder, `${name}.cert`), 'utf8'),
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
  });
  const request = (name: string, ...args: string[]): void => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
    openssl('req', '-x509', ...key, '-out', `${name}.cert`, '-subj', `/CN=${name}`, '-days', '2', ...args);
  };
  const signedBy = (authority: string): string[] => ['-CA', `${authority}.cert`, '-CAkey', `${authority}.key`];
  try {
    request('authority');
    request('other');
    request('server', ...signedBy('authority'), '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
    request('client', ...signedBy('authority'));
    request('stranger', ...signedBy('other'));
    return {
      authority: read('authority'),
      server: read('server'),
      client: read('client'),
      stranger: read('stranger'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
