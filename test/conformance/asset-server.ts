/** The page's own modules and any HTML, over HTTP: for tests of what they do in a browser. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { assetOf } from '../../src/status/page/index.ts';

/** The origin. `html` is what every path has that is no asset. */
export async function serveAssets(test: TestContext, html: string): Promise<string> {
  const server = createServer((request, response) => {
    const asset = assetOf(request.url ?? '/');
    response.setHeader('content-type', asset?.type ?? 'text/html; charset=utf-8');
    response.end(asset?.body ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
