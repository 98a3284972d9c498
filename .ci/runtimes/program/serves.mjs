// What of the packages needs a network, by import.
import * as core from '@prometer/core';
import * as expressAdapter from '@prometer/express';
import * as fastifyAdapter from '@prometer/fastify';
import * as http from '@prometer/http';
import express from 'express';
import fastify from 'fastify';
import { serve } from './apps.cjs';

await serve({
  core,
  http,
  adapters: { express: expressAdapter, fastify: fastifyAdapter },
  frameworks: { express, fastify },
});
