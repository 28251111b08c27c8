/** Whatever a header or a target holds, reading it takes time in proportion to its length, however long a server lets it be. */
import { test } from 'node:test';
import { bearer, guarded, logged, open, secret, trustedProxies, unauthorized } from '../../src/access.ts';
import { contract, counter, meterbridge } from '../../src/index.ts';
import { decodable, parseTarget, plainPath } from '../../src/net/http/target.ts';
import { serviceHosts } from '../../src/net/listen/hosts.ts';
import { readHead } from '../../src/service/receivers/otlp/http/request-head.ts';
import { assertLinearIn } from '../linear.ts';
import { runs } from './runs.ts';

const { scrape } = meterbridge(contract('app', { runs: counter({ help: 'Runs.' }) }));
const proxies = trustedProxies([], 'proxies', { loopback: true, realIp: true });
const handlers = [open(), bearer(secret('right'))].map((gate) =>
  logged(guarded(scrape, { gate, refusal: unauthorized(), proxies }), { write() {}, verbose: true }),
);

/** A header that is a run, or begins as one that is read on. */
const beginnings = ['', 'Bearer ', 'Basic ', 'text/plain;', 'text/plain;a="', '127.0.0.1, ', 'gzip;q=', 'application/'];

for (const { name, of } of runs)
  test(`headers and targets of ${name}`, () =>
    assertLinearIn((length) => {
      const text = of(length);
      return async () => {
        for (const beginning of beginnings) {
          const header = () => beginning + text;
          for (const handler of handlers)
            await handler({ method: 'GET', path: '/metrics', query: new URLSearchParams(text), header, peer: '127.0.0.1' });
          readHead(['Content-Type', header(), 'Content-Encoding', header(), 'Content-Length', header()]);
        }
        for (const target of [text, `/${text}`, `http://${text}/`, `http://a?${text}`]) {
          const { path, query } = parseTarget(target);
          plainPath(path);
          decodable(target);
          query.get('name');
        }
        for (const host of [text, `${text}:1`, `[${text}]`, `${text}.`]) serviceHosts(['a'])(host);
      };
    }));
