/**
 * The packed package in frameworks that no other test installs, with the lines that docs/recipes.md gives: requests have the
 * template of their route.
 */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packed } from './packed.ts';

const nest = '12.5.1';
const packages = {
  koa: '3.3.0',
  '@koa/router': '15.7.0',
  '@nestjs/common': nest,
  '@nestjs/core': nest,
  '@nestjs/platform-express': nest,
  '@nestjs/platform-fastify': '12.5.0',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
};
const { project, run } = await (await packed()).beside(packages);
cpSync(join(import.meta.dirname, 'frameworks'), project, { recursive: true });

for (const program of [['koa.mjs'], ['nest.mjs', 'express'], ['nest.mjs', 'fastify']])
  test(`${program.join(' on ')}: each request counts once, under the template of its route`, async () => {
    assert.deepEqual(JSON.parse(await run('node', ...program)), { '/orders/:id 200': 2, '/broken/:id 500': 1, '404': 1 });
  });
