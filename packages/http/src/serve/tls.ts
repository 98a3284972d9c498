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
    if (hasAuthorities) authoritiesOf(ca).forEach((each) => new X509Certificate(each));
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

/** @throws Error if there is none among them: then nobody could be let in */
function authoritiesOf(ca: NonNullable<TlsOptions['ca']>): readonly (string | Buffer)[] {
  const all = [ca].flat();
  if (all.length === 0) throw new Error('ca is empty');
  return all;
}
