import { declaredPattern, patternText, type Layer } from './layer.ts';
import { patternOfExpression } from './pattern-of-expression.ts';
import { patternOfMatchers } from './pattern-of-matchers.ts';

/**
 * The pattern of a mount, which Express before router 2.3 doesn't keep: then it is rebuilt from what it does keep. Only
 * what the app declares decides on it, never which requests came before.
 */
export function mountPattern(layer: Layer, matched: string): string {
  const declared = declaredPattern(layer, matched);
  if (declared !== undefined) return patternText(declared);
  if (layer.regexp !== undefined) return patternOfExpression(layer.regexp, layer.keys ?? [], matched);
  return patternOfMatchers(layer.matchers ?? [], matched);
}
