/** What the service does meanwhile: its page each second, its health check all the time, its resident memory. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingFrom, shownOn } from './page.ts';
import { agent as oneConnection, request } from './reach.ts';
import type { Served } from './served.ts';

export interface Sample {
  /** In ms since 1970. */
  readonly at: number;
  readonly value: number;
}
export interface Scrape {
  readonly at: number;
  readonly ms: number;
  readonly status: string;
  readonly bytes: number;
  /** What was answered 200 before the scrape, and is not on the page. */
  readonly missing: readonly string[];
}
export interface Watch {
  readonly scrapes: readonly Scrape[];
  /** How long the event loop took to answer, in ms. */
  readonly health: readonly Sample[];
  /** In bytes. */
  readonly resident: readonly Sample[];
  /** One more scrape. */
  scrape(): Promise<Scrape>;
  /** The service's process is no more. */
  gone(): boolean;
}

const patienceMs = 20_000;
const scrapeEveryMs = 1_000;
const healthEveryMs = 10;
const residentEveryMs = 50;

export const now = () => performance.timeOrigin + performance.now();

async function answerOf(asked: ClientRequest): Promise<{ status: string; body: Buffer }> {
  try {
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part);
    return { status: String(response.statusCode), body: Buffer.concat(parts) };
  } catch (error) {
    return { status: String((error as NodeJS.ErrnoException).code ?? error), body: Buffer.alloc(0) };
  }
}

export function startWatch(
  t: TestContext,
  { child: { pid }, page, health: healthAt }: Served,
  acknowledged: () => ReadonlyMap<string, number>,
): Watch {
  const [agent, ofPage] = [new Agent({ keepAlive: true }), oneConnection()];
  const patience = () => AbortSignal.timeout(patienceMs);
  const scrapes: Scrape[] = [];
  const health: Sample[] = [];
  const resident: Sample[] = [];
  let going = true;
  let gone = false;
  t.after(() => {
    going = false;
    agent.destroy();
    ofPage.destroy();
  });

  /** One after the other: those that come while a page is written are answered with it, which may be older than they are. */
  let last: Promise<unknown> = Promise.resolve();
  function scrape(): Promise<Scrape> {
    const next = last.then(scrapeNow);
    last = next;
    return next;
  }

  async function scrapeNow(): Promise<Scrape> {
    const [at, before] = [now(), new Map(acknowledged())];
    const { status, body } = await answerOf(request(page, { path: '/metrics', agent: ofPage, signal: patience() }).end());
    const ms = now() - at;
    const missing = status === '200' ? missingFrom(shownOn(body), before) : [];
    return { at, ms, status, bytes: body.length, missing };
  }

  async function each(ms: number, work: () => Promise<unknown>): Promise<void> {
    for (let due = now(); going && !gone; due = Math.max(due + ms, now())) {
      await sleep(Math.max(0, due - now()));
      if (going && !gone) await work();
    }
  }
  void each(scrapeEveryMs, async () => scrapes.push(await scrape()));
  void each(healthEveryMs, async () => {
    const at = now();
    await answerOf(get(`http://${healthAt}/`, { agent, signal: patience() }));
    health.push({ at, value: now() - at });
  });
  void each(residentEveryMs, async () => {
    const bytes = residentOf(pid);
    if (bytes === undefined) gone = true;
    else resident.push({ at: now(), value: bytes });
  });
  return { scrapes, health, resident, scrape, gone: () => gone };
}

/** Undefined: the process is no more. */
export function residentOf(pid: number | undefined): number | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1_024;
  } catch {
    return undefined;
  }
}
