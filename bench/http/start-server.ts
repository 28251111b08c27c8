/** A new process of the case `listen`: says when it listens, scrapes itself once, and says what is resident then. */
import { get } from 'node:http';
import { listeners } from './start-listeners.ts';

const [contender = '', built = ''] = process.argv.slice(2);
const url = await listeners[contender]?.(built);
if (url === undefined) throw new Error(`no listener ${contender}`);
process.send?.(0);
get(url, { agent: false }, (response) => response.resume().on('end', () => process.send?.(process.memoryUsage.rss())));
