/** What path-to-regexp 0.1 puts at the end of the expression for a mount. */
const END = String.raw`\/?(?=\/|$)`;

/** That, an escaped character, the beginning of a group, a class of characters, or a character. */
const TOKENS = /\\\/\?\(\?=\\\/\|\$\)|\\.|\((?:\?(?:<?[=!:]|<[^>]*>))?|\[(?:\\.|[^\]])*\]|[^]/g;

/** The group of a parameter that declares none of its own. */
const DEFAULT_GROUP = /^\((?:\[\^[^\]]*\]\+\?|\(\?:\(\?!.*\)\.\)\+\?)\)$/;

/** The groups that an asterisk becomes, alone or after a parameter. */
const WILDCARD = /^\(\.\*\)$|^\(\(\?:\[.*\]\.\+\?\)\?\)$/;

type Keys = readonly { name: string | number }[];

interface Alternative {
  pattern: string;
  expression: RegExp;
}

const known = new WeakMap<RegExp, Alternative[]>();

/** The pattern that Express 4 has made an expression of; where there are several, the first one that matches. */
export function patternOfExpression(expression: RegExp, keys: Keys, matched: string): string {
  let alternatives = known.get(expression);
  if (alternatives === undefined) known.set(expression, (alternatives = alternativesOf(expression, keys)));
  const only = alternatives.length === 1 ? alternatives[0] : alternatives.find((each) => each.expression.test(matched));
  return only?.pattern ?? '/*';
}

function alternativesOf(expression: RegExp, keys: Keys): Alternative[] {
  // An expression that the app itself has given is kept as it is.
  if (!expression.source.includes(END)) return [{ pattern: String(expression), expression }];
  const alternatives: Alternative[] = [];
  let [source, text, group, isPath] = ['', '', '', false];
  let [depth, groupDepth, groups] = [0, 0, 0];

  function finish(): void {
    const pattern = isPath ? `/${text.replace(/^\//, '')}` : `/${source}/`;
    alternatives.push({ pattern, expression: new RegExp(`^(?:${source})$`, expression.flags) });
    [source, text, isPath] = ['', '', false];
  }

  for (const token of expression.source.match(TOKENS) ?? []) {
    if (token === END) {
      isPath = true;
      continue;
    }
    if (token === '|' && depth === 0) {
      finish();
      continue;
    }
    source += token;
    const opens = token.startsWith('(');
    if (opens) depth++;
    if (opens && isCapturing(token)) {
      groups++;
      if (groupDepth === 0) [groupDepth, group] = [depth, ''];
    }
    if (groupDepth > 0) group += token;
    else if (!opens && token !== ')' && token !== '^') text += token.replace(/^\\(?=\W)/, '');
    if (token !== ')') continue;
    if (depth === groupDepth) {
      text += groupText(keys[groups - 1 - capturingIn(group)]?.name, group);
      groupDepth = 0;
    }
    depth--;
  }
  finish();
  return alternatives;
}

function isCapturing(token: string): boolean {
  return token === '(' || /^\(\?<[^=!]/.test(token);
}

/** How many groups a group has in it. */
function capturingIn(group: string): number {
  return (group.match(TOKENS) ?? []).filter(isCapturing).length - 1;
}

function groupText(name: string | number | undefined, group: string): string {
  if (typeof name === 'string') return `:${name}${DEFAULT_GROUP.test(group) ? '' : group}`;
  return WILDCARD.test(group) ? '*' : group;
}
