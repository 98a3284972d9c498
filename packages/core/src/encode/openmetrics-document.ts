import type { EscapingScheme } from '../escaping.ts';
import type { FamilyView } from '../model.ts';
import { isAccepted, whatIsTaken, writeAll, type FamilyLines, type OnInvalid } from './lines.ts';
import { whatIsWrong, whatIsWrongWithin, type Rules } from './openmetrics-rules.ts';
import { Prepared, type Encoder } from './prepared.ts';
import type { TextWriter } from './text-writer.ts';

/** What the versions of OpenMetrics do differently. */
export interface Version {
  readonly scheme: EscapingScheme;
  readonly rules: Rules;
  readonly linesOf: (family: FamilyView) => FamilyLines;
  readonly onInvalid: OnInvalid | undefined;
}

/** What is made of a family before its first series. */
interface Checked extends FamilyLines {
  readonly wrong: string | undefined;
}

/**
 * Families as a document of OpenMetrics. One that breaks the specification's rules, or has the name of another one, is left
 * out, as a reader refuses the whole of a document for it.
 */
export function documentEncoder({ scheme, rules, linesOf, onInvalid }: Version): Encoder<TextWriter> {
  const prepared = new Prepared<Checked>((family) => ({
    wrong: whatIsWrong(family, scheme, rules),
    ...linesOf(family),
  }));
  return function* encode(out, families) {
    const taken = new Set<string>();
    for (const family of targetFirst(families)) {
      const { wrong, names, head, write } = prepared.of(family);
      const wrongOrTaken = wrong ?? (yield* whatIsWrongWithin(family, scheme, rules)) ?? whatIsTaken(names, taken);
      if (!isAccepted(family, wrongOrTaken, onInvalid)) continue;
      out.text(head);
      yield* writeAll(out, family, write);
    }
    out.text('# EOF\n');
  };
}

/** What is said of the target itself should come before all else ("Supporting Target Metadata"). */
function targetFirst(families: Iterable<FamilyView>): FamilyView[] {
  const all = [...families];
  return [...all.filter(isTarget), ...all.filter((family) => !isTarget(family))];
}

function isTarget({ name, type }: FamilyView): boolean {
  return type === 'info' && name === 'target';
}
