/** Adds up all samples of one name in a text exposition. */
export function sumOf(text, sample) {
  let sum = 0;
  for (const line of linesOf(text)) {
    if (line.startsWith(`${sample}{`) || line.startsWith(`${sample} `))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}

/** How many samples a text exposition has. */
export function countSamples(text) {
  let count = 0;
  for (const line of linesOf(text)) if (line !== '' && !line.startsWith('#')) count++;
  return count;
}

/** One after the other, for the texts are too large to be split. */
function* linesOf(text) {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
  yield text.slice(start);
}
