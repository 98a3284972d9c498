/**
 * Bytes that are written again and again, in words of eight: to copy those takes a fraction of what bytes would. The last one
 * ends in zeros. There are none if one of them would be NaN, whose bits might not stay; text is never such.
 */
export function wordsOf(bytes: Uint8Array): Float64Array | undefined {
  const words = new Float64Array(Math.ceil(bytes.length / 8));
  new Uint8Array(words.buffer).set(bytes);
  return words.some(Number.isNaN) ? undefined : words;
}
