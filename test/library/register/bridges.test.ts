/** A program with bridges of its own under `meterbridge/register`: they are on its page, and one may have its port. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { parseExposition } from '../../../src/formats/exposition/parse/parse.ts';
import { run } from './run.ts';

const openMetrics = { accept: 'application/openmetrics-text' };

/** Prints what `then`, which has a bridge and a `page()`, gives; the lines on standard error are those of Meterbridge. */
async function ran(
  t: TestContext,
  then: string,
): Promise<{ readonly said: unknown; readonly lines: readonly string[]; readonly port: number }> {
  const port = await freePort();
  const program = `
    import { contract, counter, meterbridge } from 'meterbridge';
    import { runtimeMetrics } from 'meterbridge/runtime-metrics';
    const bridge = meterbridge(contract('shop', { orders: counter({ help: 'Orders.' }) }));
    bridge.metrics.orders.add(2);
    const url = 'http://127.0.0.1:${port}/metrics';
    const page = async () => {
      const answer = await fetch(url, { headers: ${JSON.stringify(openMetrics)} });
      return { status: answer.status, text: await answer.text() };
    };
    const said = await (async () => { ${then.replaceAll('PORT', String(port))} })();
    console.log(JSON.stringify(said ?? null));
    await bridge.close();`;
  const { said, ended, errors } = run(t, program, { METERBRIDGE_LISTEN: `127.0.0.1:${port}` });
  const answer = JSON.parse(await said());
  assert.deepEqual(await ended, [0, null], errors());
  const lines = errors()
    .split('\n')
    .filter((line) => line !== '' && !line.includes("container's own loopback"));
  return { said: answer, lines, port };
}

function namesOn({ status, text }: { readonly status: number; readonly text: string }): readonly string[] {
  assert.equal(status, 200, text);
  const parsed = parseExposition(text, 'openmetrics');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.families.map(({ name }) => name);
}

test("a bridge that does not listen is on the page of meterbridge/register, beside the runtime's", async (t) => {
  const { said, lines } = await ran(t, 'return page();');
  const names = namesOn(said as never);
  for (const name of ['shop_orders', 'process_uptime_seconds']) assert.ok(names.includes(name), name);
  assert.deepEqual(lines, []);
});

test('a bridge that listens at the same port has it, and everything is on its page', async (t) => {
  const { said, lines, port } = await ran(
    t,
    "const { url } = await bridge.listen('127.0.0.1:PORT'); return { url, ...(await page()) };",
  );
  assert.equal((said as { url: string }).url, `http://127.0.0.1:${port}/metrics`);
  const names = namesOn(said as never);
  assert.equal(names[0], 'shop_orders');
  assert.ok(names.includes('process_uptime_seconds'));
  assert.deepEqual(lines, []);
});

test('what the program measures itself is on the page once, and a line says so', async (t) => {
  const { said, lines } = await ran(t, 'runtimeMetrics(bridge); await page(); return page();');
  const names = namesOn(said as never);
  assert.equal(names.filter((name) => name === 'process_uptime_seconds').length, 1);
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(
    lines[0] ?? '',
    /^meterbridge: \w+ and \d+ more: several bridges of this process have this name; .* Fix: measure it once\.$/,
  );
});

test("the program's gate stands before the page that it serves", async (t) => {
  const { said } = await ran(
    t,
    `const { bearer, secret, unauthorized } = await import('meterbridge/access');
     await bridge.listen('127.0.0.1:PORT', { access: { gate: bearer(secret('good')), refusal: unauthorized() } });
     return (await page()).status;`,
  );
  assert.equal(said, 401);
});

test('where the listener of the program fails, that of meterbridge/register is there again', async (t) => {
  const { said, lines } = await ran(
    t,
    `const code = await bridge.listen('127.0.0.1:PORT', { webConfig: '/not/there.yml' }).catch((error) => error.code);
     for (;;) {
       const answer = await page().catch(() => undefined);
       if (answer !== undefined) return { code, ...answer };
       await new Promise((resolve) => setTimeout(resolve, 20));
     }`,
  );
  assert.equal((said as { code: string }).code, 'WEB_CONFIG_INVALID');
  assert.ok(namesOn(said as never).includes('shop_orders'));
  assert.deepEqual(lines, []);
});

test('a listener in a thread shows its own bridge alone, and a line says so', async (t) => {
  const { said, lines } = await ran(t, "await bridge.listen('127.0.0.1:PORT', { thread: true }); return page();");
  assert.deepEqual(namesOn(said as never), ['shop_orders']);
  assert.deepEqual(
    lines.map((line) => /in a thread, which shows its own bridge alone\. Fix: /.test(line)),
    [true],
  );
});
