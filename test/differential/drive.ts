/** Runs a case on one engine, and keeps all that can be read of it on the way. */
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Contract } from '../../src/core/contract/index.ts';
import type { RequestFacts } from '../../src/index.ts';
import { openBridge } from '../../src/library/bridge/bridge.ts';
import type { EngineChoice } from '../../src/library/recording/index.ts';
import { testClock } from '../../src/testing.ts';
import { spanContext, useContexts } from '../library/recording/spans.ts';
import { buildContract } from './build-contract.ts';
import type { Case, Command, Format } from './case.ts';
import { type Declared, startDeclared } from './declared.ts';
import { dump, type SeriesDump } from './dump.ts';
import { startUncontracted, type Uncontracted } from './uncontracted.ts';

export interface Reading {
  /** The command after which it was read; the number of commands for what is read at the end. */
  readonly at: number;
  readonly bodies: readonly { readonly format: Format; readonly body: string }[];
  readonly series: ReadonlyMap<string, SeriesDump>;
  /** All lines logged so far, and what calls threw. */
  readonly log: readonly string[];
}

interface Started {
  readonly declared: Declared;
  readonly uncontracted: Uncontracted;
  read(format: Format): Promise<string>;
  series(): ReadonlyMap<string, SeriesDump>;
  reset(): void;
  close(): Promise<void>;
}

const everyFormat: readonly Format[] = ['openmetrics', 'text', 'otlp'];

export async function drive(given: Case, engine: EngineChoice): Promise<readonly Reading[]> {
  const clock = testClock();
  const restore = setSurroundings(clock);
  const readings: Reading[] = [];
  const log: string[] = [];
  const contract = buildContract(given.contract);
  const begin = (): Started => start(given, contract, engine, clock, log);
  let running = begin();

  async function read(at: number, formats: readonly Format[], together: boolean): Promise<void> {
    const bodies: { format: Format; body: string }[] = [];
    const one = async (format: Format): Promise<void> => void bodies.push({ format, body: await running.read(format) });
    // Whether two scrapes share a collection shows in the metrics about them: the SDK's waits, the store engine's has ended by
    // then.
    if (together && !given.selfMetrics) await Promise.all(formats.map(one));
    else for (const format of formats) await one(format);
    bodies.sort((a, b) => everyFormat.indexOf(a.format) - everyFormat.indexOf(b.format));
    readings.push({ at, bodies, series: running.series(), log: [...log] });
  }

  try {
    for (const [at, command] of given.commands.entries()) {
      if (command.do === 'advance') clock.advance(command.ms);
      else if (command.do === 'read') await read(at, command.formats, command.together);
      else if (command.do === 'reset') running.reset();
      else if (command.do === 'restart') {
        await read(at, everyFormat, false);
        await running.close();
        await read(at, everyFormat, false);
        running = begin();
      } else act(command, running, log);
    }
    await read(given.commands.length, everyFormat, false);
  } finally {
    await running.close();
    restore();
  }
  return readings;
}

/**
 * The SDK and the scrape read the time by themselves: one clock for all, or every start and every duration would differ. Which
 * exemplar is kept is chance: here it is always the last.
 */
function setSurroundings(clock: () => number): () => void {
  const { now } = Date;
  const { random } = Math;
  const leaveContexts = useContexts();
  const { performance } = globalThis;
  const stopwatch = performance.now.bind(performance);
  Date.now = clock;
  performance.now = clock;
  Math.random = () => 0;
  return () => {
    Date.now = now;
    performance.now = stopwatch;
    Math.random = random;
    leaveContexts();
  };
}

function act(command: Command, { declared, uncontracted }: Started, log: string[]): void {
  try {
    const span = 'span' in command ? (command.span ?? 0) : 0;
    context.with(span === 0 ? ROOT_CONTEXT : spanContext({ spanId: `${span}`.repeat(16) }), () => declared.act(command));
    uncontracted.act(command);
  } catch (error) {
    log.push(`${command.do} threw ${error}`);
  }
}

function start(given: Case, contract: Contract, engine: EngineChoice, clock: () => number, log: string[]): Started {
  const { bridge, view, reset } = openBridge(contract, {
    env: {},
    log: (line) => void log.push(line),
    clock,
    isolated: true,
    engine,
    selfMetrics: given.selfMetrics,
  });
  return {
    declared: startDeclared(bridge, given.contract),
    uncontracted: startUncontracted(bridge.meterProvider, given.uncontracted),
    reset,
    close: bridge.close,
    series: () => dump(view, clock()),
    async read(format) {
      if (format === 'otlp') return JSON.stringify(await bridge.producer.collect(), sayErrors);
      const { status, body } = await bridge.scrape(request(format));
      return `${status}\n${new TextDecoder().decode(body)}`;
    },
  };
}

function sayErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? String(value) : value;
}

function request(format: 'openmetrics' | 'text'): RequestFacts {
  const accept = format === 'text' ? 'text/plain; version=0.0.4' : 'application/openmetrics-text; version=1.0.0';
  return {
    method: 'GET',
    path: '/metrics',
    query: new URLSearchParams(),
    header: (name) => (name === 'accept' ? accept : undefined),
    peer: '127.0.0.1',
  };
}
