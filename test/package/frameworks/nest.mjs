/** `node nest.mjs express|fastify`. Decorators are called by hand: the file runs as it is. */
import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { bridge, http, report } from './report.mjs';

class Orders {
  one(id) {
    return { id };
  }
  broken() {
    throw new Error('broken');
  }
}
Param('id')(Orders.prototype, 'one', 0);
for (const [name, path] of [
  ['one', 'orders/:id'],
  ['broken', 'broken/:id'],
])
  Get(path)(Orders.prototype, name, Object.getOwnPropertyDescriptor(Orders.prototype, name));
Controller()(Orders);
class App {}
Module({ controllers: [Orders] })(App);

const onFastify = process.argv[2] === 'fastify';
const app = await (onFastify
  ? NestFactory.create(App, new FastifyAdapter(), { logger: false })
  : NestFactory.create(App, { logger: false }));
if (onFastify) await app.register(http.fastify);
else app.use(http.express);
await app.listen(0, '127.0.0.1');
await report(await app.getUrl());
await app.close();
await bridge.close();
