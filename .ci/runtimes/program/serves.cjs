// What of the packages needs a network, by require.
const { serve } = require('./apps.cjs');

void serve({
  core: require('@prometer/core'),
  http: require('@prometer/http'),
  adapters: { express: require('@prometer/express'), fastify: require('@prometer/fastify') },
  frameworks: { express: require('express'), fastify: require('fastify') },
});
