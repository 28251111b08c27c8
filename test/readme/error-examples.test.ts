/** The examples of docs/errors.md are what one reads: each code is provoked, and its message is the page's. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { resolveRunwispMetrics } from '../../instrumentation/runwisp/endpoint.ts';
import { cidr } from '../../src/access.ts';
import { address, section } from '../../src/core/config/schema/index.ts';
import type { ErrorCode } from '../../src/core/errors/catalogue.ts';
import { MeterbridgeError } from '../../src/core/errors/error.ts';
import { checkNode } from '../../src/core/node/supported.ts';
import { contract, counter, gauge, histogram, meterbridge } from '../../src/index.ts';
import { parseWebConfig } from '../../src/net/web-config/parse.ts';
import { readConfig } from '../../src/service/config/index.ts';
import { testBridge } from '../../src/testing.ts';
import { sectionsOf } from '../core/errors/codes.ts';
import { withoutPackages } from '../core/node/without-packages.ts';
import { runCommand } from '../tools/cli/run-command.ts';
import { pageText } from './pages.ts';

const runs = counter({ unit: '{run}', help: 'Runs.' });
const taskDuration = histogram({ unit: 's', help: 'Time.' });
const quiet = { env: {}, push: false, log: () => {} } as const;
const listening = (address: string) => testBridge(contract('a', { runs })).bridge.listen(address);

const provocations: Readonly<Record<ErrorCode, () => unknown>> = {
  CONTRACT_INVALID: () => contract('runwisp', { taskDuration: histogram({ unit: 's', help: 'Time.', bounds: [0.1, 1, 1] }) }),
  CONTRACT_CONFLICT() {
    const production = { ...quiet, env: { NODE_ENV: 'production' } };
    meterbridge(contract('solti', { tasks: counter({ help: 'Tasks.' }) }), production);
    meterbridge(contract('solti', { tasks: counter({ help: 'Tasks run.' }) }), production);
  },
  CONTRACT_FILE: () => commandLine('series', 'metrics.yaml'),
  METRIC_UNKNOWN: () => testBridge(contract('a', { runs, taskDuration })).value('run' as 'runs'),
  MEASUREMENT_REFUSED: () =>
    testBridge(contract('shop', { orders: counter({ help: 'Orders.' }) }), { strict: true }).metrics.orders.add(-1),
  OBSERVE_MISUSE() {
    const { metrics } = testBridge(contract('runwisp', { tasks: gauge({ observed: true, unit: '{task}', help: 'Tasks.' }) }));
    metrics.tasks.observe(() => 1);
    metrics.tasks.observe(() => 2);
  },
  OPTION_INVALID: () => meterbridge(contract('b', { runs }), { ...quiet, callbackTimeoutMs: -1 }),
  LISTEN_ADDRESS_INVALID: () => listening('127.0.0.1'),
  LISTEN_NOT_LOOPBACK: () => listening('0.0.0.0:9478'),
  async LISTEN_FAILED() {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    await listening(`127.0.0.1:${typeof address === 'object' && address?.port}`).finally(() => other.close());
  },
  ACCESS_CONFIG_INVALID: () => cidr(['10.1.2.3'], 'RM_METRICS_TRUSTED_CIDR'),
  WEB_CONFIG_INVALID() {
    const read = parseWebConfig('web-config.yml', '/web-config.yml', 'basic_auth_users:\n  alice: hunter2\n');
    throw new MeterbridgeError('WEB_CONFIG_INVALID', read.ok ? [] : read.problems);
  },
  COLLECTOR_CONFIG_INVALID() {
    const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
    writeFileSync(
      join(folder, 'otel-collector.yaml'),
      'receivers:\n  otlp:\n    protocols:\n      http:\n        endpont: localhost:4318\n',
    );
    try {
      const http = section({ endpoint: address({ default: 'localhost:4318' }) });
      const otlp = { kind: 'receiver', type: 'otlp', schema: section({ protocols: section({ http }) }) } as const;
      const read = readConfig({ config: [join(folder, 'otel-collector.yaml')] }, [otlp]);
      const problem = read.ok ? undefined : read.problems.find(({ got }) => got === '"endpont"');
      throw new MeterbridgeError(
        'COLLECTOR_CONFIG_INVALID',
        problem === undefined ? [] : [{ ...problem, at: problem.at.replace(`${folder}/`, '') }],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  PUSH_CONFIG_INVALID: () => testBridge(contract('a', { runs }), { push: { protocol: 'grpc' as 'http/json' } }),
  HOST_CONFIG_INVALID: () => resolveRunwispMetrics({ metrics_listen: '127.0.0.1:9478' }),
  async DEPENDENCY_MISSING() {
    const { folder, remove } = withoutPackages();
    const { sdkEngine }: typeof import('../../src/sdk.ts') = await import(join(folder, 'src', 'sdk.ts'));
    try {
      sdkEngine();
    } catch (error) {
      const [problem] = (error as MeterbridgeError).problems;
      assert.ok(MeterbridgeError.is(error) && problem !== undefined);
      throw new MeterbridgeError(error.code, [problem]);
    } finally {
      remove();
    }
  },
  NODE_TOO_OLD: () => checkNode('20.20.2'),
  CHECK_SOURCE: () => commandLine('check', 'metrics.prom'),
  CLI_USAGE: () => commandLine('serie'),
};

function commandLine(...args: readonly string[]): never {
  const { stderr } = runCommand(args, import.meta.dirname);
  throw new Error(stderr.trim().replace(/^meterbridge: /, ''));
}

for (const { code, example } of sectionsOf(pageText('docs/errors.md'))) {
  test(`${code}: its example is what one reads`, async () => {
    const provoke = provocations[code as ErrorCode];
    await assert.rejects(
      async () => provoke(),
      (error: Error) => {
        assert.equal(error.message.replace(/:\d+"; the port must be free/, ':9478"; the port must be free'), example);
        return true;
      },
    );
  });
}
