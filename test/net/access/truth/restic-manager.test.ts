/** restic-manager's endpoint, against the table typed in `restic-manager.ts`. */
import {
  mountResticManagerMetrics,
  resolveResticManagerMetrics,
  resticManager,
  resticManagerRecorder,
} from '../../../../instrumentation/restic-manager/index.ts';
import { type Access, anyOf, bearer, cidr, guarded, notFound, secret } from '../../../../src/access.ts';
import { nodeListener } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { probes } from '../../../instrumentation/restic-manager/probes.ts';
import { TOKEN } from './axes.ts';
import { nothingHere, routed } from './places.ts';
import * as truth from './restic-manager.ts';
import { canFail, type Start, tests } from './table.ts';

const token = { RM_METRICS_TOKEN: TOKEN };
const ranges = ['127.0.0.3/32', '198.51.100.0/24', '2001:db8::/32', '10.1.1.1/32'];
const range = { RM_METRICS_TRUSTED_CIDR: ranges.join(',') };
const proxies = { RM_TRUSTED_PROXY: '127.0.0.2/32,10.0.0.0/8' };
const environments: Readonly<Record<string, Record<string, string>>> = {
  neither: proxies,
  token,
  range,
  'token and range': { ...token, ...range },
  'range behind proxies': { ...range, ...proxies },
  'token and range behind proxies': { ...token, ...range, ...proxies },
};

const start =
  (spoil = (access: Access) => access): Start =>
  (config) => {
    const { bridge } = testBridge(resticManager);
    let collected = 0;
    const hosts = () => {
      collected++;
      return [];
    };
    resticManagerRecorder(bridge, probes({ hosts, activeAlerts: () => ({}) }));
    let refused = 0;
    const onRefused = ({ count }: { readonly count: number }) => {
      refused += count;
    };
    const resolved = resolveResticManagerMetrics({}, environments[config] ?? {});
    const access = resolved.access && spoil(resolved.access);
    return {
      mount: (app) => mountResticManagerMetrics({ app, bridge, config: { access }, onRefused }),
      onNode: () =>
        access === undefined ? nothingHere : routed(nodeListener(guarded(bridge.scrape, access, { onRefused }), nothingHere)),
      onListener: async (address, thread) =>
        (await bridge.listen(address, { access: access as Access, onRefused, thread, public: true })).address.port,
      collected: () => collected,
      refused: () => refused,
      close: () => bridge.close(),
    };
  };

tests('restic-manager', truth, start());
canFail('restic-manager', truth, start(), {
  'one gate of two that is enough': start((access) => ({ ...access, gate: anyOf(bearer(secret(TOKEN)), cidr(ranges)) })),
  'a refusal that hides': start((access) => ({ ...access, refusal: notFound() })),
  'everybody taken for a proxy': start((access) => ({ ...access, proxies: { trusted: ['0.0.0.0/0', '::/0'] } })),
  'X-Real-IP believed': start((access) => ({ ...access, proxies: { trusted: ['127.0.0.2/32', '10.0.0.0/8'], realIp: true } })),
});
