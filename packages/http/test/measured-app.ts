import { Agent, request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { Registry } from '@prometer/core';
import { ask, leave, talk, until, type Answer } from './client.ts';
import type { Fixture, Framework, Options } from './framework.ts';

/** How many requests were counted, by `METHOD route status`. */
export type Counts = Record<string, number>;

/** A fixture, what it has measured, and a client of it. */
export class MeasuredApp {
  readonly registry: Registry;
  readonly fixture: Fixture;

  constructor(registry: Registry, fixture: Fixture) {
    this.registry = registry;
    this.fixture = fixture;
  }

  ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
    return ask(this.fixture.port, path, method, headers);
  }

  /** Asks for each path, over a few connections that are kept. */
  async askAll(paths: readonly string[], headersOf: (i: number) => Record<string, string> = () => ({})): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    await Promise.all(paths.map((path, i) => this.#askWith(agent, path, headersOf(i))));
    agent.destroy();
  }

  /** Sends the head of a request with this target as it is, and waits for the head of the answer. */
  target(target: string, method = 'GET'): Promise<string> {
    return this.talk(`${method} ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, (read) => read.includes('\r\n\r\n'));
  }

  /** Sends bytes as they are and leaves when enough has been read. */
  talk(bytes: string, enough: (read: string) => boolean): Promise<string> {
    return talk(this.fixture.port, bytes, enough);
  }

  /** Sends bytes as they are and leaves once `when` has settled. */
  leave(bytes: string, when: () => Promise<unknown>): Promise<void> {
    return leave(this.fixture.port, bytes, when);
  }

  value(name: string, labels: Record<string, string | number> = {}): number | undefined {
    return this.registry.getSampleValue(name, labels);
  }

  inFlight(method = 'GET'): number | undefined {
    return this.value('http_requests_in_flight', { method });
  }

  /** The lines of all samples of that name. */
  async lines(name: string): Promise<string[]> {
    const lines = (await this.registry.metrics()).split('\n');
    return lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  }

  /** All requests counted so far. */
  async counts(name = 'http_requests_total'): Promise<Counts> {
    const parts = /^\w+\{method="(.*)",route="(.*)",status_code="(.*)"\} (.*)$/;
    const found = (await this.lines(name)).map((line) => parts.exec(line) ?? [line, '', '', '', 'NaN']);
    return Object.fromEntries(
      found.map(([, method, route, status, value]) => [`${method} ${route} ${status}`, Number(value)]),
    );
  }

  /** The same once that many have been counted, in the histogram too. */
  async counted(n: number): Promise<Counts> {
    await this.countedTotal(n);
    const counts = await this.counts();
    const timed = await this.counts('http_request_duration_seconds_count');
    if (!isDeepStrictEqual(timed, counts)) {
      throw new Error(`Counted were ${JSON.stringify(counts)}, but timed ${JSON.stringify(timed)}`);
    }
    return counts;
  }

  /** Waits for that many requests to be counted, with whatever labels. */
  async countedTotal(n: number, name = 'http_requests_total'): Promise<void> {
    await until(async () => {
      const values = (await this.lines(name)).map((line) => Number(line.slice(line.lastIndexOf(' '))));
      return values.reduce((sum, value) => sum + value, 0) >= n;
    });
  }

  #askWith(agent: Agent, path: string, headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.fixture.port, path, headers, agent }, (response) => {
        response.resume().on('end', resolve).on('error', reject);
      })
        .on('error', reject)
        .end();
    });
  }
}

/** Starts apps for the tests of the block that it is called in, each closed when its test is over. */
export function startsApps(
  framework: Framework,
): (options?: Options, ...more: readonly Options[]) => Promise<MeasuredApp> {
  let started: Fixture[] = [];

  afterEach(async () => {
    const fixtures = started;
    started = [];
    for (const fixture of fixtures) await fixture.close();
  });

  return async (options = {}, ...more) => {
    const installed = [options, ...more].map((each) => ({ registry: new Registry(), defaultMetrics: false, ...each }));
    const fixture = await framework.start(...installed);
    started.push(fixture);
    return new MeasuredApp(installed[0]?.registry as Registry, fixture);
  };
}
