/**
 * The same as `node --import meterbridge/register app.js`, which waits until the listener is open. See docs/automatic-metrics.md.
 */
import './core/node/supported.ts';
import { begin } from './library/register/begin.ts';

await begin();
