interface WarningProcess {
  emitWarning?(message: string, options: { type: string; code: string }): void;
}

/**
 * Tells the operator of something that the program itself can't be told of by an error. Where there is a Node.js
 * process it becomes a process warning, which can be listened to and silenced by its code.
 *
 * @internal
 */
export function warn(code: string, message: string): void {
  const { process } = globalThis as { process?: WarningProcess };
  if (process?.emitWarning !== undefined) process.emitWarning(message, { type: 'PrometerWarning', code });
  else console.warn(`PrometerWarning [${code}]: ${message}`);
}
