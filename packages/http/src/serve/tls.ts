import { X509Certificate } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import { checkOptions, invalidOption, show } from '../options.ts';

/**
 * Node.js' own options for TLS. `cert` and `key`, or `pfx`, are needed. With `ca`, clients must show a certificate that one
 * of these authorities has signed, unless `requestCert` or `rejectUnauthorized` says otherwise.
 */
export type MetricsTlsOptions = Pick<
  TlsOptions,
  | 'cert'
  | 'key'
  | 'pfx'
  | 'passphrase'
  | 'ca'
  | 'crl'
  | 'requestCert'
  | 'rejectUnauthorized'
  | 'minVersion'
  | 'maxVersion'
  | 'ciphers'
  | 'sigalgs'
  | 'ecdhCurve'
  | 'dhparam'
  | 'honorCipherOrder'
  | 'secureOptions'
  | 'SNICallback'
>;

const NAMES: readonly (keyof MetricsTlsOptions)[] = [
  'cert',
  'key',
  'pfx',
  'passphrase',
  'ca',
  'crl',
  'requestCert',
  'rejectUnauthorized',
  'minVersion',
  'maxVersion',
  'ciphers',
  'sigalgs',
  'ecdhCurve',
  'dhparam',
  'honorCipherOrder',
  'secureOptions',
  'SNICallback',
];

/**
 * Makes what needs these options.
 *
 * @throws MetricError `INVALID_OPTION`, with the `cause` that TLS gives
 */
export function withTls<Made>(tls: MetricsTlsOptions, make: (options: MetricsTlsOptions) => Made): Made {
  checkOptions('"tls"', tls, NAMES);
  const { cert, key, pfx, SNICallback, ca } = tls;
  if (isEmpty(pfx) && SNICallback === undefined && (isEmpty(cert) || isEmpty(key))) {
    throw invalidOption(
      `The option "tls" has no ${isEmpty(cert) ? 'certificate' : 'key'}: give cert and key, or pfx, as read from their files.`,
    );
  }
  const hasAuthorities = ca !== undefined;
  try {
    // Node.js leaves out what it can't read of them, and would say nothing.
    if (hasAuthorities) checkAuthorities(ca);
    return make({ ...tls, requestCert: tls.requestCert ?? hasAuthorities });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : show(cause);
    const error = invalidOption(
      `The certificates of the option "tls" can't be used: ${reason}. Give cert, key, pfx and ca as read from their files, and the passphrase if there is one.`,
    );
    error.cause = cause;
    throw error;
  }
}

/** As what Node.js takes for left out. */
function isEmpty(given: { readonly length: number } | undefined): boolean {
  return (given?.length ?? 0) === 0;
}

/** @throws Error if there is none among them, or one that Node.js can't read: nobody, or not all, would be let in */
function checkAuthorities(ca: unknown): void {
  if (!Array.isArray(ca)) checkBundle('ca', ca);
  else if (ca.length === 0) throw new Error('ca is empty');
  else ca.forEach((each, i) => checkBundle(`ca[${i}]`, each));
}

/** What the lines say that a certificate begins and ends with, as OpenSSL takes them (RFC 7468, 5.1). */
const BEGIN = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;
const BLOCK =
  /^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[ \r]*\n[^]*?^-----END (?:TRUSTED |X509 )?CERTIFICATE-----/my;

/** @throws Error if it isn't PEM, or one of its certificates can't be read */
function checkBundle(name: string, given: unknown): void {
  const text = textOf(given);
  if (text === undefined) throw new Error(`${name} is ${show(given)}, and no certificate`);
  let count = 0;
  for (const { index } of text.matchAll(new RegExp(BEGIN, 'g'))) {
    count++;
    BLOCK.lastIndex = index;
    const block = BLOCK.exec(text)?.[0];
    try {
      if (block === undefined) throw new Error("it doesn't begin and end on lines of its own");
      new X509Certificate(block);
    } catch (cause) {
      throw new Error(`the certificate ${count} of ${name} can't be read: ${(cause as Error).message}`, { cause });
    }
  }
  if (count > 0) return;
  throw new Error(
    `${name} has no certificate as PEM, which begins with -----BEGIN CERTIFICATE----- (one as DER becomes that by openssl x509 -inform der)`,
  );
}

/** Of bytes, each as a character, which is enough for PEM. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (!ArrayBuffer.isView(given)) return undefined;
  return Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString('latin1');
}
