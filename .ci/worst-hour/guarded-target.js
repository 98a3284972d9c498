// Metrics that only those may see who are authorized, or everybody.
import { http } from '../prometer.js';

export const SECRET = 'nobody_may_see_this';
export const TOKEN = 'the-right-token';
export const USER = ['prometheus', 'pässword: with colon'];

const AUTHORIZE = {
  everybody: undefined,
  bearer: http.bearerAuth('another-token', TOKEN),
  basic: http.basicAuth(...USER),
};

export function prepare({ registry, framework, settings: { who } }) {
  registry.gauge({ name: SECRET, help: SECRET }).set(1);
  const authorize = AUTHORIZE[who];
  return {
    options: { authorize },
    ...(framework === 'own' && {
      listen: () => http.startHttpServer({ port: 0, registry, authorize, keepProcessAlive: true }),
    }),
  };
}
