import { MetricError, type MetricErrorCode } from '../src/index.ts';

/** What a refused call says; a call that isn't refused, or fails otherwise, fails the test. */
export function refusal(call: () => unknown): { code: MetricErrorCode; message: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof MetricError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('The call was not refused.');
}
