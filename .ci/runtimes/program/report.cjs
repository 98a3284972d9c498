// What a program on a runtime says to who has started it: a line of JSON for each check.
exports.check = async (name, run) => {
  try {
    await run();
    say({ name });
  } catch (error) {
    say({ name, error: String(error?.stack ?? error) });
  }
};

/** Said last: without it, nobody can tell what was never checked. */
exports.end = () => say({ end: true });

function say(line) {
  console.log(JSON.stringify(line));
}
