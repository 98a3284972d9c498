import type { IncomingMessage, Server, ServerResponse } from 'node:http';

// What is used of Koa; its own types are in a dozen packages.

export interface Context {
  req: IncomingMessage;
  res: ServerResponse;
  params: Record<string, string>;
  state: { route?: string | false };
  path: string;
  status: number;
  type: string;
  body: unknown;
  respond: boolean;
  throw(status: number): never;
}

export type Middleware = (ctx: Context, next: () => Promise<void>) => unknown;

export interface Koa {
  silent: boolean;
  use(middleware: Middleware): void;
  listen(port: number, host: string): Server;
}

export interface Router {
  get(path: string | RegExp | string[], middleware: Middleware): void;
  post(path: string, middleware: Middleware): void;
  use(middleware: Middleware): void;
  use(path: string, middleware: Middleware): void;
  routes(): Middleware;
}

export const Koa: new () => Koa = jest.requireActual('koa');
export const Router: new (options?: { prefix: string }) => Router = jest.requireActual<{ Router: typeof Router }>(
  '@koa/router',
).Router;
