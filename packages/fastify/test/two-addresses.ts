import dns from 'node:dns';

/** Gives `localhost` two addresses, until what it returns is called. */
export function twoAddresses(): () => void {
  // Most systems have two for `localhost`; where the second one can't be listened at, Fastify goes without.
  const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((host: string, ...rest: unknown[]) => {
    const done = rest.at(-1) as (error: null, found: unknown, family?: number) => void;
    const all = (rest[0] as { all?: boolean }).all === true;
    if (all)
      done(
        null,
        ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
      );
    else done(null, host === 'localhost' ? '127.0.0.1' : host, 4);
  }) as never);
  return () => lookup.mockRestore();
}
