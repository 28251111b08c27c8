/** `meterbridge serve --keep` as a process that is killed and started again at the same addresses. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { parseExposition } from '../../../src/formats/exposition/parse/parse.ts';
import { bodyOf, type Child, startChild } from '../../conformance/child.ts';
import { command } from '../../tools/cli/run-command.ts';
import { until } from '../../until.ts';

export interface KeptService {
  readonly directory: string;
  /** Where senders send to: `127.0.0.1:PORT`. */
  readonly host: string;
  /** URL of the page. */
  readonly page: string;
  /** Resolves once it takes batches. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<void>;
  /** Resolves once the configuration with these settings of its exporters works. */
  reload(settings: Readonly<Record<string, object>>): Promise<void>;
  /** Of all processes. */
  log(): string;
  /** By series as text, what the page shows now: it is held to the strict parser. */
  values(): Promise<ReadonlyMap<string, number>>;
}

interface Beside {
  /** Each with a pipeline of its own. */
  readonly exporters: Readonly<Record<string, object>>;
  /** @param directory where series are kept */
  extensions(directory: string): Readonly<Record<string, object>>;
}

/** @param beside what else is in the configuration */
export async function keptService(
  t: TestContext,
  beside: Beside = { exporters: {}, extensions: () => ({}) },
): Promise<KeptService> {
  const directory = mkdtempSync(join(tmpdir(), 'meterbridge-keep-'));
  const [port, pagePort] = [await freePort(), await freePort()];
  const host = `127.0.0.1:${port}`;
  const page = `http://127.0.0.1:${pagePort}/metrics`;
  const kept = join(directory, 'kept');
  const file = join(directory, 'collector.yaml');
  const exporters = { prometheus: { endpoint: `127.0.0.1:${pagePort}`, enable_open_metrics: true }, ...beside.exporters };
  const extensions = beside.extensions(kept);
  const write = (settings: Readonly<Record<string, object>>) => {
    const all = Object.entries(exporters).map(([id, own]) => [id, { ...own, ...settings[id] }] as const);
    const pipelines = Object.fromEntries(all.map(([id]) => [`metrics/${id}`, { receivers: ['otlp'], exporters: [id] }]));
    const configuration = {
      receivers: { otlp: { protocols: { http: { endpoint: host } } } },
      exporters: Object.fromEntries(all),
      extensions,
      service: { telemetry: { metrics: { level: 'none' } }, extensions: Object.keys(extensions), pipelines },
    };
    writeFileSync(file, JSON.stringify(configuration));
  };
  write({});
  const args = [...command, 'serve', '--config', file, '--keep', kept];
  let running: Child | undefined;
  let before = '';
  t.after(async () => {
    await running?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  async function ended(how: 'kill' | 'stop'): Promise<void> {
    await running?.[how]();
    before += running?.stderr() ?? '';
    running = undefined;
  }

  return {
    directory,
    host,
    page,
    async start() {
      const child = startChild(t, process.execPath, args);
      running = child;
      await child.until('ready', () => child.stderr().includes('Everything is ready.'));
    },
    kill: () => ended('kill'),
    stop: () => ended('stop'),
    async reload(settings) {
      const child = running;
      assert.ok(child?.pid !== undefined);
      const done = () => child.stderr().split('The new configuration works.').length;
      const doneBefore = done();
      write(settings);
      process.kill(child.pid, 'SIGHUP');
      await child.until('reloaded', () => done() > doneBefore);
    },
    log: () => before + (running?.stderr() ?? ''),
    async values() {
      let text: string | undefined;
      await until('a page', async () => {
        text = await bodyOf(page, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } });
        return text !== undefined;
      });
      const parsed = parseExposition(text as string, 'openmetrics');
      assert.ok(parsed.ok, JSON.stringify(parsed));
      const samples = parsed.families.flatMap((family) => family.samples);
      return new Map(
        samples.map(({ name, labels, value }) => [`${name}{${labels.map(([key, given]) => `${key}="${given}"`)}}`, value]),
      );
    },
  };
}
