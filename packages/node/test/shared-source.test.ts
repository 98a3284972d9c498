import { sharedSource, type Source } from '../src/shared-source.ts';

describe('sharedSource', () => {
  let log: string[];
  let tell: (event: number) => void;
  let watch: (listener: (event: number) => void) => Source;

  beforeEach(() => {
    log = [];
    watch = sharedSource<number>((given) => {
      tell = given;
      log.push('start');
      return { flush: () => log.push('flush'), stop: () => log.push('stop') };
    });
  });

  it('starts for the first listener, tells all, and stops with the last', () => {
    const a = watch((event) => log.push(`a ${event}`));
    const b = watch((event) => log.push(`b ${event}`));
    tell(1);
    a.stop();
    tell(2);
    b.stop();

    expect(log).toEqual(['start', 'a 1', 'b 1', 'b 2', 'stop']);
  });

  it('stops once, however often a listener stops', () => {
    const [a, b] = [watch(() => {}), watch(() => {})];
    a.stop();
    a.stop();
    expect(log).toEqual(['start']);
    b.stop();
    b.stop();
    expect(log).toEqual(['start', 'stop']);
  });

  it('starts again for the next', () => {
    watch(() => {}).stop();
    watch((event) => log.push(`again ${event}`));
    tell(1);

    expect(log).toEqual(['start', 'stop', 'start', 'again 1']);
  });

  it('tells a listener that is given twice twice, and stops it once for each', () => {
    const listener = (event: number) => log.push(`told ${event}`);
    const first = watch(listener);
    watch(listener);
    tell(1);
    first.stop();
    tell(2);

    expect(log).toEqual(['start', 'told 1', 'told 1', 'told 2']);
  });

  it('flushes while it runs, and not when it has stopped', () => {
    const source = watch(() => {});
    source.flush();
    source.stop();
    source.flush();

    expect(log).toEqual(['start', 'flush', 'stop']);
  });
});
