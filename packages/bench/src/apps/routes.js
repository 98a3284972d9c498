// What the apps answer, and what is asked of them. The answer is the same small one everywhere: what a framework does
// with it is the same with every adapter.
export const ANSWER = { hello: 'world' };

/** By workload, the routes of the app, and the paths that are asked for in turn. */
export const WORKLOADS = {
  'hello world': { routes: ['/'], paths: ['/'] },
  'five routes': {
    routes: ['/', '/health', '/users/:id', '/users/:id/orders/:order', '/search'],
    paths: ['/', '/health', '/users/17', '/users/17/orders/4', '/search?q=metrics', '/users/23', '/users/23/orders/9'],
  },
};
