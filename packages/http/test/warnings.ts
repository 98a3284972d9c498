/** Calls `act`, and tells of the process warnings that it led to. */
export async function warningsOf<Result>(
  act: () => Result | Promise<Result>,
): Promise<{ result: Result; warnings: { code: string | undefined; message: string }[] }> {
  const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  try {
    const result = await act();
    const warnings = emitted.mock.calls.map(([message, options]) => {
      const { code } = options as unknown as { code?: string };
      return { code, message: String(message) };
    });
    return { result, warnings };
  } finally {
    emitted.mockRestore();
  }
}
