import express4 from 'express-4';
import { noteHandlers, takesNothing, type Layer } from '../src/layer.ts';
import { mountPattern } from '../src/mount-pattern.ts';

/** The expression that Express 4 makes of what something is mounted at. */
function expressionOf(mount: string | string[]): RegExp {
  const app = express4();
  app.use(mount, (_request, _response, next) => next());
  return (app._router as { stack: { regexp: RegExp }[] }).stack.at(-1)!.regexp;
}

/** A layer of which Express keeps no more than this. */
function layer(kept: Partial<Layer> = {}): Layer {
  return { handle: () => {}, match: () => false, ...kept };
}

describe('The pattern of a mount', () => {
  it('is that of the expression, of a layer that has no keys', () => {
    expect(mountPattern(layer({ regexp: expressionOf('/users') }), '/users')).toBe('/users');
  });

  it('is the one of several that matches', () => {
    expect(mountPattern(layer({ regexp: expressionOf(['/users', '/people']) }), '/people')).toBe('/people');
  });

  it('is /* where none of several matches', () => {
    expect(mountPattern(layer({ regexp: expressionOf(['/users', '/people']) }), '/others')).toBe('/*');
  });

  it('is /* where the layer has neither an expression nor matchers', () => {
    expect(mountPattern(layer(), '/users')).toBe('/*');
  });
});

describe('A layer', () => {
  it('of which nothing is known takes something of the path', () => {
    expect(takesNothing(layer())).toBe(false);
  });

  it('of a route that keeps no handlers is no obstacle', () => {
    expect(() => noteHandlers(layer(), { path: '/users' })).not.toThrow();
  });
});
