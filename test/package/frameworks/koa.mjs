import { createServer } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import { bridge, http, report } from './report.mjs';

const app = new Koa();
app.silent = true;
const router = new Router();
router.get('/orders/:id', (context) => {
  context.body = { id: context.params.id };
});
router.get('/broken/:id', () => {
  throw new Error('broken');
});

const routes = new WeakMap();
app.use(async (context, next) => {
  try {
    await next();
  } finally {
    routes.set(context.req, context._matchedRoute);
  }
});
app.use(router.routes());

const server = createServer(http.listener(app.callback(), (request) => routes.get(request)));
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
await report(`http://127.0.0.1:${server.address().port}`);
server.close();
await bridge.close();
