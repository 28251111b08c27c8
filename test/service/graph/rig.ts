/** A service in this process, from YAML, with everything that it writes. */
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import type { Factory, Reloaded } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { readConfig } from '../../../src/service/config/index.ts';
import { type Service, type ServiceOptions, startService } from '../../../src/service/graph/service.ts';
import { defaultLimits } from '../../../src/service/limits.ts';

const limits = { ...defaultLimits, maxSeries: 1_000, maxSeriesPerResource: 1_000, maxFamilies: 100 };

export interface Rig extends Service {
  /** Lines on standard error so far. */
  log(): string;
  /** The URLs that the listening lines name. */
  urls(): readonly string[];
  /** What the next reload reads. */
  write(yaml: string): void;
  /** Reloads, from another YAML. */
  changeTo(yaml: string): Promise<Reloaded>;
}

export async function startFrom(
  t: TestContext,
  yaml: string,
  known: readonly Factory[] = components,
  options: Partial<Pick<ServiceOptions, 'contract' | 'keep' | 'showValues' | 'limits' | 'clock'>> = {},
): Promise<Rig> {
  let current = yaml;
  const reread = () => readConfig({ config: [`yaml:${current}`] }, known, { env: {} });
  const read = reread();
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  let text = '';
  const stderr = new PassThrough({ encoding: 'utf8' }).on('data', (part: string) => {
    text += part;
  });
  const service = await startService(read.config, {
    stdout: new PassThrough(),
    stderr,
    version: '0',
    limits,
    reread,
    ...options,
  });
  t.after(() => service.shutdown());
  return {
    ...service,
    log: () => text,
    urls: () => [...text.matchAll(/Listening: (.*)/g)].flatMap(([, places = '']) => places.split(', ')),
    write(to) {
      current = to;
    },
    changeTo(to) {
      current = to;
      return service.reload();
    },
  };
}

/** For components whose file says so little that they can stand in a line. */
export const noOwnMetrics = 'telemetry: {metrics: {level: none}}';
