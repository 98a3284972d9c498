import { warn } from '../src/warning.ts';

describe('warn', () => {
  afterEach(() => jest.restoreAllMocks());

  it('is a process warning of Node.js with a code', () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    warn('PROMETER_X', 'Something.');
    expect(emit.mock.calls).toEqual([['Something.', { type: 'PrometerWarning', code: 'PROMETER_X' }]]);
  });

  it.each([undefined, {}])('goes to the console where the process is %p', (process) => {
    const print = jest.spyOn(console, 'warn').mockImplementation(() => {});
    jest.replaceProperty(globalThis, 'process', process as never);
    warn('PROMETER_X', 'Something.');
    jest.restoreAllMocks();
    expect(print.mock.calls).toEqual([['PrometerWarning [PROMETER_X]: Something.']]);
  });
});
