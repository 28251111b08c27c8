/** The shop and the example hosts on one board. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Group } from '../../src/tools/demo/board/board.ts';
import { showLive } from '../../src/tools/demo/board/live.ts';
import { addressesOf } from '../../src/tools/demo/demo.ts';
import { createRates } from '../../src/tools/demo/observation/rates.ts';
import { watchShop } from '../../src/tools/demo/observation/watched-shop.ts';
import { freePorts } from '../../src/tools/demo/ports.ts';
import { startShop } from '../../src/tools/demo/start-shop.ts';
import type { Destination } from './destination.ts';
import { total } from './host.ts';
import type { Player } from './player.ts';
import { type Samples, scrape } from './sample.ts';

/** As those of `meterbridge demo`. The hosts are at any free ports. */
const firstPort = 9_470;
const names = ['the page', 'the shop', 'its metrics', 'OpenTelemetry’s exporter'];
const lookEveryMs = 1_000;

export async function live(players: readonly Player[], destination: Destination, interrupted: AbortSignal): Promise<void> {
  const { ports, moved } = await freePorts(firstPort, names);
  const [page = 0, api = 0, metrics = 0, stock = 0] = ports;
  for (const line of moved) console.log(line);
  const instance = randomUUID();
  const { endpoint, url } = destination;
  const shop = await startShop({ ports: { api, metrics, stock }, endpoint, instance });
  let arrived: Samples | undefined;
  const watched = watchShop(shop, () => arrived);
  const groups: Group[] = [];
  const looking = [
    repeat(interrupted, async () => {
      arrived = await destination.samples(instance);
    }),
    ...players.map((player, at) => watchHost(player, destination, interrupted, (group) => (groups[at] = group))),
  ];
  try {
    await showLive({
      stdout: process.stdout,
      env: process.env,
      port: page,
      shop,
      interrupted,
      board: () => ({
        title: 'Meterbridge: a shop and five hosts, their metrics pulled and pushed',
        addresses: addressesOf(shop, url),
        groups: [watched.group(true), ...groups.filter((group) => group !== undefined)],
        scrapes: watched.scrapes(),
        blockedMs: shop.blockedMs(),
      }),
    });
  } finally {
    await Promise.all([watched.stop(), shop.end(), ...looking]);
    for (const { work } of players) work.close();
  }
}

/** Its metrics are added up: a screen has room for one row a metric. */
function watchHost(player: Player, destination: Destination, ended: AbortSignal, show: (group: Group) => void): Promise<void> {
  const { host, settings, instance, running, work } = player;
  const rates = createRates();
  return repeat(ended, async () => {
    const recorded = await work.samples();
    const pulled = await scrape(running.metrics, settings.headers);
    const pushed = await destination.samples(instance);
    rates.note(new Map(host.shown.flatMap((name) => pairOf(name, pulled))));
    const rows = host.shown.map((name) => ({
      series: name,
      recorded: sumOf(name, recorded),
      pulled: sumOf(name, pulled),
      pushed: sumOf(name, pushed),
      rate: rates.of(name),
    }));
    show({
      name: host.name,
      state: [work.life(recorded), ...(host.lag === undefined ? [] : [host.lag])].join('; '),
      url: running.metrics,
      stock: false,
      rows,
    });
  });
}

function pairOf(name: string, samples: Samples | undefined): readonly [string, number][] {
  const sum = sumOf(name, samples);
  return sum === undefined ? [] : [[name, sum]];
}

/** Undefined: there is no such series. */
function sumOf(name: string, samples: Samples | undefined): number | undefined {
  const there = [...(samples?.keys() ?? [])].some((series) => series === name || series.startsWith(`${name}{`));
  return samples === undefined || !there ? undefined : total(samples, name);
}

async function repeat(ended: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!ended.aborted) {
    // A host that does not answer now keeps its last state.
    await look().catch(() => {});
    await sleep(lookEveryMs, undefined, { signal: ended }).catch(() => {});
  }
}
