/**
 * Checks that what a document shows is what was printed: line by line, where `...` stands for any lines, except for what
 * differs from run to run.
 */
export function expectShown(shown: string, printed: string): void {
  const lines = withoutTimes(printed).split('\n');
  let from = 0;
  let gap = false;
  for (const line of withoutTimes(shown).trimEnd().split('\n')) {
    if (line === '...') {
      gap = true;
      continue;
    }
    const at = gap ? lines.indexOf(line, from) : from;
    expect(lines[at] ?? `(nothing after ${lines[from - 1]})`).toBe(line);
    from = at + 1;
    gap = false;
  }
  if (!gap) expect(lines.slice(from).join('\n').trim()).toBe('');
}

/** Without the sums and totals of seconds. */
function withoutTimes(text: string): string {
  return text.replace(/^(\S*seconds_(?:sum|total)\S*) \d\S*$/gm, '$1 TIME');
}
