/** solti's endpoint, against the table typed in `solti.ts`. */
import { mountSoltiMetrics, resolveSoltiMetrics, soltiBackend } from '../../../../instrumentation/solti/index.ts';
import { bearer, guarded, loopback, notFound, secret, unauthorized } from '../../../../src/access.ts';
import { type Handler, nodeListener } from '../../../../src/index.ts';
import { abroad4, abroad6 } from './axes.ts';
import { nothingHere, routed } from './places.ts';
import * as truth from './solti.ts';
import { canFail, type Start, tests } from './table.ts';

const start =
  (spoil = (handler: Handler) => handler): Start =>
  () => {
    const backend = soltiBackend();
    const bridge = backend.registry();
    return {
      mount: (app) => mountSoltiMetrics({ app, backend, config: resolveSoltiMetrics({}) }),
      onNode: () => routed(nodeListener(spoil(bridge.scrape), nothingHere)),
      onListener: async (address, thread) => (await bridge.listen(address, { thread, public: true })).address.port,
      close: () => bridge.close(),
    };
  };

tests('solti', truth, start());
canFail('solti', truth, start(), {
  'a gate where none belongs': start((scrape) => guarded(scrape, { gate: bearer(secret('x')), refusal: unauthorized() })),
  // Which only somebody from elsewhere can tell.
  ...((abroad4 ?? abroad6) !== undefined && {
    'what is kept to this machine': start((scrape) => guarded(scrape, { gate: loopback(), refusal: notFound() })),
  }),
});
