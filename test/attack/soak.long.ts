/**
 * Everything at once for METERBRIDGE_SOAK_SECONDS (default 1,200): honest senders that come and go, hostile ones, reloads, a next
 * receiver that is killed, a disk that becomes full, scrapes. Memory stays flat, the turns of the event loop short, and no point
 * that was answered 200 is missing.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/demo/free-port.ts';
import { folderFor } from '../folder-for.ts';
import { until } from '../until.ts';
import type { Answers } from './attacker.ts';
import { type AttackName, attacks } from './bodies.ts';
import { startDisk } from './full-disk.ts';
import { missingFrom } from './page.ts';
import { type Far, type Honest, startAttacker, startFar, startHonest } from './programs.ts';
import { type Addresses, addresses, budget, configurationAt, deployedEnv, mib, type Served, serve, turnMeter } from './served.ts';
import { slack } from './slack.ts';
import { counted, longest } from './verdict.ts';
import { now, startWatch, type Watch } from './watch.ts';

const soakMs = Number(process.env.METERBRIDGE_SOAK_SECONDS ?? 1_200) * 1_000;
/** Two requests a second. */
const moderate = { lanes: 4, pauseMs: 2_000 };
const mostGrowth = 1.1;
/** CPU of a turn. A reload, and a request in code that no request has run before, are among them. */
const mostTurnMs = 250;
/** From here on memory is compared. */
const steadyMs = 240_000;
/** Bytes beyond the budget: garbage that V8 may leave, and buffers that have just been freed. */
const mostBeyond = 512 * mib;
/** As in the systemd unit. */
const skip = process.platform !== 'linux';

interface Files {
  readonly far: number;
  /** Where the exporter `file` writes; undefined where there is no disk that can be filled. */
  readonly disk: string | undefined;
}

/**
 * What changes from one to the next: a processor, the receivers' settings at their addresses, the exporter whose queue is handed
 * over.
 */
function configuration(turn: number, at: Addresses, { far, disk }: Files): string {
  const base = configurationAt(at);
  const { http, grpc } = base.receivers.otlp.protocols;
  const file =
    disk === undefined ? {} : { file: { path: join(disk, 'metrics.json'), rotation: { max_megabytes: 8, max_backups: 1 } } };
  const exporters = {
    prometheus: { ...base.exporters.prometheus, metric_expiration: '30s' },
    otlp_http: {
      endpoint: `http://127.0.0.1:${far}`,
      timeout: turn % 4 < 2 ? '5s' : '6s',
      retry_on_failure: { initial_interval: '100ms', max_interval: '500ms', max_elapsed_time: '0s' },
      sending_queue: { sizer: 'bytes', queue_size: 64 * mib, num_consumers: 2 },
    },
    ...file,
  };
  const keepAlive = turn % 3 === 0 ? { idle_timeout: '50s' } : {};
  const metrics = { receivers: ['otlp'], processors: turn % 2 === 0 ? [] : ['attributes'], exporters: Object.keys(exporters) };
  return JSON.stringify({
    ...base,
    receivers: { otlp: { protocols: { http: { ...http, ...keepAlive }, grpc } } },
    processors: { attributes: { actions: [{ key: 'nobody-has-it', action: 'delete' }] } },
    exporters,
    service: { ...base.service, pipelines: { metrics } },
  });
}

/** Until the end: `on`, after `everyMs`, for `lastsMs`, then `off`. */
async function inTurns(
  end: number,
  everyMs: number,
  lastsMs: number,
  on: (turn: number) => unknown,
  off: () => unknown,
): Promise<void> {
  for (let turn = 1; now() + everyMs + lastsMs < end; turn++) {
    await sleep(everyMs);
    await on(turn);
    await sleep(lastsMs);
    await off();
  }
}

/** Five senders after five others. What the page lacks of any of them. */
async function comeAndGo(
  t: TestContext,
  served: Served,
  watch: Watch,
  living: Honest[],
  ended: Map<string, number>,
  end: number,
): Promise<string[]> {
  const lacking: string[] = [];
  await inTurns(
    end,
    0,
    10_000,
    async (turn) => living.push(startHonest(t, served, `turn${turn}-`)),
    async () => {
      const last = living.at(-1) as Honest;
      await last.stop();
      lacking.push(...(await watch.scrape()).missing);
      living.pop();
      for (const [sender, value] of last.acknowledged) ended.set(sender, value);
    },
  );
  return lacking;
}

async function attack(t: TestContext, served: Served, end: number): Promise<Answers> {
  const attacker = await startAttacker(t, served, Object.keys(attacks) as AttackName[], moderate);
  attacker.go();
  await sleep(Math.max(1, end - now()));
  return attacker.stop();
}

function median(watch: Watch, from: number, to: number): number {
  const values = watch.resident.filter(({ at }) => at >= from && at < to).map(({ value }) => value);
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.POSITIVE_INFINITY;
}

test(`${soakMs / 1_000} s of everything at once`, { skip, timeout: soakMs + 400_000 }, async (t) => {
  const disk = startDisk(t);
  if (disk === undefined)
    t.diagnostic('skipped: this process must not mount a file system, and has no prlimit, so no disk becomes full');
  const [all, farPort, file] = [await addresses(), await freePort(), folderFor(t)];
  const files = { far: farPort, disk: disk?.folder };
  const config = file('config.json', configuration(0, all, files));
  const far: Far = await startFar(t, farPort);
  // Its young generation at its full size before memory is compared.
  const { options, env, turns } = turnMeter(t);
  const served: Served = {
    ...all,
    child: await serve(t, config, ['--max-semi-space-size=8', ...options], { ...deployedEnv, ...env }),
  };
  const living = [startHonest(t, served, 'always')];
  const ended = new Map<string, number>();
  const acknowledged = () => new Map(living.flatMap((honest) => [...honest.acknowledged]));
  const watch = startWatch(t, served, acknowledged);
  const begun = now();
  const end = begun + soakMs;
  const pid = served.child.pid as number;
  let reloads = 0;
  const reload = (turn: number) => {
    reloads++;
    writeFileSync(config, configuration(turn, all, files));
    process.kill(pid, 'SIGHUP');
  };
  const [lacking, answers] = await Promise.all([
    comeAndGo(t, served, watch, living, ended, end),
    attack(t, served, end),
    inTurns(end, 5_000, 0, reload, () => {}),
    inTurns(end, 10_000, 3_000, far.kill, far.start),
    inTurns(
      end,
      12_000,
      5_000,
      () => disk?.fill(pid),
      () => disk?.free(pid),
    ),
  ]);
  const stopped = now();
  for (const honest of living) await honest.stop();
  const { missing, status: lastStatus } = await watch.scrape();
  const sent = new Map([...ended, ...acknowledged()]);
  await until('all that was answered 200 is at the next receiver', () => missingFrom(far.shown(), sent).length === 0);

  const quarter = (number: number) =>
    median(watch, begun + ((stopped - begun) * number) / 4, begun + ((stopped - begun) * (number + 1)) / 4);
  const quarters = [0, 1, 2, 3].map(quarter);
  const answered = living[0]?.answered ?? [];
  const most = Math.max(...watch.resident.map(({ value }) => value));
  const measured = turns().filter(({ at }) => at >= begun && at < stopped);
  const longestTurn = longest(measured, 'work');
  t.diagnostic(
    [
      `${sent.size} honest senders, ${reloads} reloads; those that stay were answered ${counted(answered.map(({ status }) => status))}`,
      `resident memory by quarters, MiB: ${quarters.map((bytes) => Math.round(bytes / mib)).join(' ')}, at most ${Math.round(most / mib)}`,
      `longest turn ${longestTurn.toFixed(0)} ms of CPU, and ${longest(measured, 'garbage').toFixed(0)} of the garbage collector`,
      `${watch.scrapes.length} scrapes; hostile requests were answered ${JSON.stringify(answers)}`,
    ].join('\n'),
  );
  assert.ok(!watch.gone(), 'the service has ended');
  assert.deepEqual([lastStatus, ...missing, ...lacking, ...watch.scrapes.flatMap((one) => one.missing)], ['200']);
  assert.deepEqual(new Set(watch.scrapes.map((one) => one.status)), new Set(['200']));
  assert.ok(most <= budget + mostBeyond * Math.min(slack, 2), `resident memory was ${most} bytes`);
  assert.ok(longestTurn <= mostTurnMs, `a turn of the event loop takes ${longestTurn} ms of CPU`);
  const [third, fourth] = quarters.slice(2) as [number, number];
  // A shorter run is still growing into its budget, or giving back what its beginning took.
  const isFlat = fourth <= third * mostGrowth && third <= fourth * mostGrowth;
  if (soakMs >= steadyMs) assert.ok(isFlat, `resident memory goes from ${third} to ${fourth} bytes`);
});
