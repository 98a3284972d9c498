// Collectors that do all they shouldn't, between two that do what they should.
import { FRAMEWORKS } from './frameworks.js';

const COUNTED = [{ labels: {}, value: 7 }];

/** A family of one collector, whose name says what is wrong with it. */
const family = (name, series = COUNTED) => ({ name, help: name, type: 'gauge', series });

/** By name, what `collect` does; each describes its family, so that it has a name in what is counted. */
const FAULTS = {
  throws() {
    throw new Error('collect has thrown');
  },
  throws_nothing() {
    throw undefined;
  },
  throws_what_throws() {
    throw Object.defineProperty(new Error('hidden'), 'message', {
      get() {
        throw new Error('its message throws');
      },
    });
  },
  rejects: () => Promise.reject(new Error('collect has rejected')),
  hangs: () => new Promise(() => {}),
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is about
  is_a_thenable_that_hangs: () => ({ then() {} }),
  is_a_thenable_that_throws: () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- that is what it is about
    then() {
      throw new Error('then has thrown');
    },
  }),
  gives_nothing: () => undefined,
  gives_a_number: () => 42,
  gives_no_family: () => [null],
  gives_no_series: () => [{ name: 'gives_no_series', help: '', type: 'gauge', series: 1 }],
  gives_a_value_that_is_none: () => [family('gives_a_value_that_is_none', [{ labels: {}, value: 'many' }])],
  gives_one_series_twice: () => [family('gives_one_series_twice', [...COUNTED, ...COUNTED])],
  takes_the_name_of_another: () => [family('before')],
  *throws_after_a_family() {
    yield family('throws_after_a_family');
    throw new Error('the iterator has thrown');
  },
  gives_labels_that_throw: () => [
    family('gives_labels_that_throw', [
      {
        value: 1,
        get labels() {
          throw new Error('labels has thrown');
        },
      },
    ]),
  ],
};

export const FAILING = Object.keys(FAULTS);

export async function prepare({ registry, framework, settings: { recursive = false } }) {
  const runs = {};
  const register = (name, collect) =>
    registry.register({
      describe: () => [{ name, help: name, type: 'gauge' }],
      collect() {
        runs[name] = (runs[name] ?? 0) + 1;
        return collect();
      },
    });
  let url;
  registry.gauge({ name: 'before', help: '' }).set(1);
  if (recursive) {
    register('gathers_its_registry', async () => [family('gathers_its_registry', [valueOf(await registry.metrics())])]);
    register('scrapes_its_app', async () => [
      family('scrapes_its_app', [valueOf(await (await fetch(`${url}/metrics`)).text())]),
    ]);
  } else {
    for (const [name, collect] of Object.entries(FAULTS)) register(name, collect);
  }
  registry.gauge({ name: 'after', help: '' }).set(2);
  return {
    calls: { runs: () => runs },
    async listen(options) {
      const app = await FRAMEWORKS[framework](options);
      url = `http://127.0.0.1:${app.server.address().port}`;
      return app;
    },
  };
}

function valueOf(text) {
  return { labels: {}, value: text.length };
}
