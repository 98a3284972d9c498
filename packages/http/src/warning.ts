/** Tells the operator, by a process warning, of what the program can't be told by an error. */
export function warn(code: string, message: string): void {
  process.emitWarning(message, { type: 'PrometerWarning', code });
}
