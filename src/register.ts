/**
 * `node --require meterbridge/register app.js`: metrics of a program without a line of its code. See docs/automatic-metrics.md.
 */
import './core/node/supported.ts';
import { begin } from './library/register/begin.ts';

// Not awaited, because `--require` cannot wait: all but the listener is there before the program begins.
void begin();
