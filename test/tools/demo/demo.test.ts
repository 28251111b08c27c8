/** The command, from source: the shop runs in a process of its own, and its event loop is really blocked. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { BoardText } from '../../../src/tools/demo/board/board-text.ts';
import { lastWords } from '../../last-words.ts';
import { blocks, pageText, root } from '../../readme/pages.ts';
import { until } from '../../until.ts';
import { command, runCommand } from '../cli/run-command.ts';

interface Running {
  readonly page: string;
  board(): Promise<BoardText>;
  press(headers?: Readonly<Record<string, string>>): Promise<number>;
  /** Ctrl-C; its exit code. */
  interrupt(): Promise<number | null>;
}

async function start(t: TestContext): Promise<Running> {
  const child = spawn(process.execPath, [...command, 'demo', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let [text, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors += part;
  });
  lastWords(t, 'demo', () => errors);
  await until('listening', () => /^page: .*\n/m.test(text) || child.exitCode !== null);
  const page = /^page: (.*)$/m.exec(text)?.[1] ?? assert.fail(errors);
  return {
    page,
    board: async () => (await fetch(`${page}board`)).json() as Promise<BoardText>,
    press: async (headers = { origin: new URL(page).origin }) =>
      (await fetch(`${page}block`, { method: 'POST', headers })).status,
    async interrupt() {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      return (await closed)[0];
    },
  };
}

/** Of the page, under another name for its host. */
async function statusFor(page: string, host: string): Promise<number | undefined> {
  const asked = get(page, { headers: { host } });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

/** How many scrapes an address has answered. */
function answered({ scrapes }: BoardText, at: number): number {
  return scrapes[at]?.answered ?? Number.NaN;
}

test('while the button blocks the shop, its metrics are answered, and OpenTelemetry’s exporter waits', async (t) => {
  const demo = await start(t);
  await until('scraped', async () => answered(await demo.board(), 1) > 1);
  // A busy machine may take longer than a block: then the button is pressed again.
  const boards: { before?: BoardText | undefined; during?: BoardText } = {};
  await until('scraped while the exporter is late', async () => {
    const during = await demo.board();
    if (!during.blocked) assert.equal(await demo.press(), 202);
    boards.before = during.scrapes[1]?.bad === true ? (boards.before ?? during) : undefined;
    boards.during = during;
    return during.blocked && boards.before !== undefined && answered(during, 0) >= answered(boards.before, 0) + 3;
  });
  const { before, during } = boards;
  assert.ok(before !== undefined && during !== undefined);
  assert.match(during.loop.text, /is blocked for another \d+\.\d s\.$/);
  assert.equal(answered(during, 1), answered(before, 1), 'OpenTelemetry’s exporter answers from the event loop that is blocked');
  assert.match(during.scrapes[1]?.text ?? '', /^no response for \d+\.\d s$/);
  const last = answered(during, 1);

  await until('free again', async () => answered(await demo.board(), 1) > last);
  assert.equal(await demo.interrupt(), 0);
  await assert.rejects(fetch(demo.page), 'the page has gone');
});

test('the button is the page’s own, and the page loads nothing from elsewhere', async (t) => {
  const demo = await start(t);
  const { origin, host, port } = new URL(demo.page);
  for (const headers of [{}, { origin: 'https://shop.example' }, { origin: 'null' }, { origin: `http://localhost:${port}` }]) {
    assert.equal(await demo.press(headers), 403, JSON.stringify(headers));
  }
  assert.equal((await fetch(`${demo.page}block`, { headers: { origin } })).status, 405);
  assert.equal(await statusFor(demo.page, 'rebound.example'), 421);
  assert.equal(await statusFor(demo.page, `localhost:${port}`), 200);
  assert.equal((await demo.board()).blocked, false);

  const page = await fetch(demo.page);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/]+='; script-src 'sha256-[\w+/]+='; connect-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  const html = await page.text();
  assert.doesNotMatch(html, /https?:|<link[^>]+href="(?!data:,")|src=| on\w+=/);
  assert.ok(html.length < 10_000, `${html.length} characters`);
  assert.equal(host, `127.0.0.1:${port}`);
  await demo.interrupt();
});

test('docs/demo.md shows the shop as it is', () => {
  assert.deepEqual(blocks(pageText('docs/demo.md'), 'ts'), [readFileSync(join(root, 'src/tools/demo/shop.ts'), 'utf8')]);
});

test('--source prints the program that it runs', () => {
  const { status, stdout } = runCommand(['demo', '--source']);
  assert.equal(status, 0);
  assert.match(stdout, /^const shop = contract\('shop', \{$/m);
});

test('a port that does not exist is a wrong command line', () => {
  for (const port of ['-1', '1e3', '65501', 'x']) {
    const { status, stderr } = runCommand(['demo', `--port=${port}`]);
    assert.deepEqual([status, stderr.startsWith(`meterbridge: --port: got "${port}"`)], [2, true], stderr);
  }
});
