import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { contract, counter, gauge, meterbridge } from 'meterbridge';

const [, , threadFile] = process.argv;
writeFileSync('web-config.yml', 'basic_auth_users:\n  alice: $2y$04$WnAZgj3WEuHiWengbAC9P.dpYM1PlDsup0/O6KBJwXaRWuyNk4/2y\n');
async function run() {
  let pushed = 0;
  const receiver = createServer((request, response) =>
    request.resume().on('end', () => {
      pushed += 1;
      response.end();
    }),
  );
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const shop = contract('shop', { sold: counter({ help: 'Sold.' }), stock: gauge({ observed: true, help: 'Stock.' }) });
  const bridge = meterbridge(shop, { push: { endpoint: `http://127.0.0.1:${receiver.address().port}` }, log() {} });
  bridge.metrics.sold.add(3);
  bridge.metrics.stock.observe(() => 7);
  const answers = [];
  for (const thread of [false, true]) {
    for (const webConfig of [undefined, 'web-config.yml']) {
      try {
        const { url, close } = await bridge.listen('127.0.0.1:0', { thread, webConfig, threadFile });
        const response = await fetch(url, { headers: { authorization: `Basic ${btoa('alice:right')}` } });
        answers.push([response.status, (await response.text()).includes('shop_stock 7')].join(' '));
        await close();
      } catch (error) {
        answers.push(`${error.code} ${error.message.slice(0, 600)}`);
      }
    }
  }
  const flushed = await bridge.flush().catch(String);
  await bridge.close();
  receiver.close();
  receiver.closeAllConnections();
  console.log(JSON.stringify({ answers, flushed, pushed: pushed > 0 }));
}
run();
