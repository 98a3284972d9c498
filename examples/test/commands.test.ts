import { whatIsWrongWithCommand } from './commands.ts';
import { all } from './documents.ts';

describe('The command in', () => {
  const commands = all('sh').flatMap(([at, { text }]) =>
    text
      .trim()
      .split('\n')
      .map((line): [string, string] => [at, line.replace(/ {2,}#.*$/, '')]),
  );

  it.each(commands)('%s, %s, is one', (_, command) => {
    expect(whatIsWrongWithCommand(command)).toBeUndefined();
  });

  it.each([
    ['npm install @prometer/expres', 'no package: @prometer/expres'],
    ['npm strat', 'no script: strat'],
    ['npm start -- expres', 'no example: expres'],
    ['npm run bench -- counters txt', 'no example: txt'],
    ['prometheus --config.file=prometheus.yml', 'no file: prometheus.yml'],
    ['node --disable-warnings=A app.js', expect.stringMatching(/^it says: .*bad option/)],
    ['curl http://localhost:3000/somewhere', 'nobody runs it'],
    ['yarn add @prometer/express', 'no program that is known: yarn'],
  ])('%j is none', (command, wrong) => {
    expect(whatIsWrongWithCommand(command)).toEqual(wrong);
  });
});
