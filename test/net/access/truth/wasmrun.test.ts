/** The wasmrun agent's endpoint, against the table typed in `wasmrun.ts`. */
import { createHash } from 'node:crypto';
import {
  mountWasmrunMetrics,
  resolveWasmrunMetrics,
  type WasmrunMetrics,
  wasmrun,
  wasmrunListening,
  wasmrunMetrics,
  wasmrunRecorder,
} from '../../../../instrumentation/wasmrun/index.ts';
import { open } from '../../../../src/access.ts';
import { nodeListener } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { happen, probes } from '../../../instrumentation/wasmrun/probes.ts';
import { TOKEN } from './axes.ts';
import { canFail, type Start, tests } from './table.ts';
import * as truth from './wasmrun.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const tenants = [
  { id: 'other', key_sha256: digest('of another tenant') },
  { id: 'ours', key_sha256: digest(TOKEN) },
];

const start =
  (spoil = (config: WasmrunMetrics) => config): Start =>
  (config) => {
    const { bridge } = testBridge(wasmrun);
    let collected = 0;
    const load = () => {
      collected++;
      return probes().load();
    };
    const given = probes({ load });
    const recorder = wasmrunRecorder(bridge, given);
    happen(recorder);
    let refused = 0;
    const counting = {
      rejected(reason: Parameters<typeof recorder.rejected>[0], count?: number) {
        recorder.rejected(reason, count);
        refused += count ?? 1;
      },
    };
    const resolved = spoil(resolveWasmrunMetrics(config === 'open' ? undefined : tenants));
    const endpoint = { bridge, recorder: counting, probes: given, config: resolved, requestLog: { write() {} } };
    return {
      mount: (app) => mountWasmrunMetrics({ app, ...endpoint }),
      onNode: () => nodeListener(wasmrunMetrics(endpoint)),
      onListener: async (address, thread) =>
        (await bridge.listen(address, { ...wasmrunListening(endpoint), thread, public: true })).address.port,
      collected: () => collected,
      refused: () => refused,
      close: () => bridge.close(),
    };
  };

tests('wasmrun', truth, start());
canFail('wasmrun', truth, start(), {
  'an open door': start((config) => ({ ...config, access: { ...config.access, gate: open() } })),
  'sessions shown behind keys': start((config) => ({ ...config, open: true })),
});
