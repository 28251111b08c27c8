/** A program as PM2 starts it twice in fork mode: the same script, the same address, no common parent. It prints what it logs. */
import { contract, counter, meterbridge } from '../../../src/index.ts';

const log = (line: string) => console.log(`log: ${line}`);
const bridge = meterbridge(contract('c', { seen: counter({ help: 'Seen.' }) }), { env: {}, log });
try {
  const { url } = await bridge.listen(process.argv[2] as string);
  console.log(`at ${new URL(url).host}`);
} catch {
  console.log('refused');
  await bridge.close();
}
