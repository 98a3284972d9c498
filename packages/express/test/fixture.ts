import express5 from 'express';

export type Express = typeof express5;

export interface Version {
  name: string;
  express: Express;
  /** What it is installed as. */
  module: string;
  /** Whether a route's pattern is told as it is declared; if not, it is rebuilt. */
  keepsPatterns: boolean;
  /** How the wildcard of this version's path syntax is written. */
  wildcard: string;
}

/** Every way in which Express keeps its routes, each by the last version that has it. */
export const versions: Version[] = [
  {
    name: 'Express 4.22',
    module: 'express-4',
    express: jest.requireActual<Express>('express-4'),
    keepsPatterns: false,
    wildcard: '/files/*',
  },
  {
    name: 'Express 5.1',
    module: 'express-5.1',
    express: jest.requireActual<Express>('express-5.1'),
    keepsPatterns: false,
    wildcard: '/files/*splat',
  },
  { name: 'Express 5.3', module: 'express', express: express5, keepsPatterns: true, wildcard: '/files/*splat' },
];

/** Another copy, as if it were installed twice. */
export function otherCopy({ module }: Version): Express {
  let copy: Express | undefined;
  jest.isolateModules(() => (copy = jest.requireActual<Express>(module)));
  return copy as Express;
}
