/** What separates, escapes and ends in the text formats, and what isn't ASCII: for texts that are made of it at random. */
export const NASTY = ['a', ' ', '"', '\\', '\n', '\r', '\0', '{', '}', '=', '#', 'é', '😱', '\u2028'];
