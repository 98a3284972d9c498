import type { ByteWriter } from '../../src/encode/byte-writer.ts';

/** What is written to a writer, as text. */
export function written<Out extends ByteWriter>(out: Out, write: (out: Out) => void): string {
  write(out);
  const { length } = out;
  const bytes = out.take();
  expect(bytes.length).toBe(length);
  return Buffer.from(bytes).toString();
}
