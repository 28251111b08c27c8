/** Bridges that share a directory, in this process: each is a member of its own, as one in another process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bridge,
  type BridgeOptions,
  type Contract,
  contract,
  type Declarations,
  meterbridge,
  type Resolved,
} from '../../../src/index.ts';
import { valuesOf } from './values-of.ts';

export interface Member<D extends Declarations> {
  readonly bridge: Bridge<Contract<Resolved<D>>>;
  readonly lines: readonly string[];
  scrape(): Promise<Readonly<Record<string, number>>>;
}

export interface Directory {
  readonly path: string;
  join<D extends Declarations>(declarations: D, options?: BridgeOptions): Promise<Member<D>>;
}

export function directoryOf(t: TestContext): Directory {
  const path = mkdtempSync(join(tmpdir(), 'mb-'));
  const bridges: { close(): Promise<unknown> }[] = [];
  t.after(async () => {
    await Promise.all(bridges.map((bridge) => bridge.close()));
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    async join(declarations, options = {}) {
      const lines: string[] = [];
      const given = { processes: path, isolated: true, env: {}, log: (line: string) => lines.push(line), ...options };
      const bridge = meterbridge(contract('shop', declarations), given);
      bridges.push(bridge);
      const { url } = await bridge.listen('127.0.0.1:0');
      const scrape = async () => valuesOf(await fetch(url));
      await scrape();
      // The ids of two that joined in the same millisecond do not say which is older.
      await sleep(2);
      return { bridge, lines, scrape };
    },
  };
}
