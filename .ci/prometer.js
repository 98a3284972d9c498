// The packages as they were built, by their names, as far as the examples have them installed.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(import.meta.dirname, '..', 'examples', 'package.json'));

export const core = require('@prometer/core');
export const http = require('@prometer/http');
