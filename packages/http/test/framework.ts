import type { Server } from 'node:http';
import type { HttpMetricsOptions } from '../src/index.ts';

/** What the suite tells the metrics; its functions use of a request what those of all frameworks have. */
export type Options = HttpMetricsOptions<string>;

/** An app that has been started for the suite. */
export interface Fixture {
  server: Server;
  port: number;
  close(): Promise<void>;
}

/**
 * How to build the fixture with one framework: the metrics first, with each of the options in turn as if they were
 * installed so many times, then
 *
 * - `GET /users/:id`, which answers with the id, and `POST /echo`, which reads JSON and answers with it
 * - `POST /pipe`, which answers with the bytes that it is sent, in pieces
 * - `GET /slow` (answers after 1 s), `GET /never` (never answers), `GET /pieces` (ends its answer half a second after it
 *   has begun), `GET /stream` (sends headers and a piece, then nothing)
 * - `GET /events` (an event stream: sends one event, and ends when it is sent half a second later)
 * - `GET /fail` (throws), `GET /reject` (rejects), `GET /refuse` (throws an error with the status 418)
 * - `GET /broken` (sends headers and a piece, then fails with an error called `BrokenError`)
 * - `GET /late` (sends headers with 200, then assigns the status 500 and ends)
 * - `GET /fall/:id`, which passes the request on, to nobody
 * - `GET /` and `/orders/:orderId/items/:itemId` and `/boom/:id` (throws, what the app handles) in a router at `/v1` in a
 *   router at `/api`; `GET /things/:id` in a router at `/tenants/:tenant`; `GET /p/:id` in an app at `/sub`
 * - a route whose expression matches `/rx/12`, one declared by an array whose alternatives match `/a/1` and `/b/2`, and a
 *   wildcard that matches `/files/x/y.txt`
 * - files at `/static`, one of which is `conformance.test.ts`; something at `/secure` that answers 401
 * - `GET /health`, which says that it isn't measured, and `GET /named/:id`, which says that it is called `a name`
 */
export interface Framework {
  name: string;
  start(...installed: readonly Options[]): Promise<Fixture>;
  templates: {
    /** Of the wildcard route. */
    wildcard: string;
    /** Of the route with an expression, as text format shows it. */
    expression: string;
    /** Of the routes that are declared by an array, for each of the two paths; left out where there are no such routes. */
    alternatives?: readonly [string, string];
  };
  /** Whether a path with a slash at its end takes the route without. */
  ignoresTrailingSlash: boolean;
  /** What the framework answers by itself to OPTIONS. */
  statusOfOptions: number;
  /** Whether it tells the metrics of the errors of handlers. */
  tellsErrors: boolean;
  /** The route that a parameter which can't be decoded is counted with. */
  nameOfUndecodable: string;
}
