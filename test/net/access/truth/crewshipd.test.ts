/** crewshipd's endpoint, against the table typed in `crewshipd.ts`. */
import {
  crewshipd,
  crewshipdRecorder,
  mountCrewshipdMetrics,
  resolveCrewshipdMetrics,
} from '../../../../instrumentation/crewshipd/index.ts';
import { type Access, anyOf, bearer, guarded, loopback, open, secret, unauthorized } from '../../../../src/access.ts';
import { nodeListener } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { now, probes } from '../../../instrumentation/crewshipd/probes.ts';
import { abroad4, abroad6, TOKEN } from './axes.ts';
import * as truth from './crewshipd.ts';
import { nothingHere, routed } from './places.ts';
import { canFail, type Start, tests } from './table.ts';

const ranges = ['10.0.0.0/8', ...(abroad4 ? [`${abroad4}/32`] : []), ...(abroad6 ? [`${abroad6}/128`] : [])];
const token = { CREWSHIP_METRICS_TOKEN: TOKEN };
const proxies = { CREWSHIP_TRUSTED_PROXY_CIDRS: ranges.join(', ') };
const environments: Readonly<Record<string, Record<string, string>>> = {
  'no token': {},
  token,
  proxies,
  'token and proxies': { ...token, ...proxies },
};

const start =
  (spoil = (access: Access) => access): Start =>
  (config) => {
    const { bridge, clock } = testBridge(crewshipd('crew-1'));
    clock.advance(now - clock());
    let collected = 0;
    const wsConnections = () => {
      collected++;
      return probes().wsConnections() as number;
    };
    crewshipdRecorder(bridge, probes({ clock, wsConnections }));
    let refused = 0;
    const onRefused = ({ count }: { readonly count: number }) => {
      refused += count;
    };
    const access = spoil(resolveCrewshipdMetrics(environments[config] ?? {}).access);
    return {
      mount: (app) => mountCrewshipdMetrics({ app, bridge, config: { access }, onRefused }),
      onNode: () => routed(nodeListener(guarded(bridge.scrape, access, { onRefused }), nothingHere)),
      onListener: async (address, thread) =>
        (await bridge.listen(address, { access, onRefused, thread, public: true })).address.port,
      collected: () => collected,
      refused: () => refused,
      close: () => bridge.close(),
    };
  };

tests('crewshipd', truth, start());
canFail('crewshipd', truth, start(), {
  'an open door': start((access) => ({ ...access, gate: open() })),
  'a refusal that shows itself': start((access) => ({ ...access, refusal: unauthorized() })),
  'a proxy taken for its client': start(({ proxies: _, ...access }) => access),
  'X-Real-IP passed over': start((access) => ({ ...access, proxies: { trusted: ranges, loopback: true } })),
  'another token': start((access) => ({ ...access, gate: anyOf(loopback(), bearer(secret('another'))) })),
});
