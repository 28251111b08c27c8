/** `node --import meterbridge/register app.js`: metrics of a program without a line of its code. See docs/register.md. */
import './node/supported.ts';
import { isMainThread } from 'node:worker_threads';
import { register } from './register/register.ts';

// NODE_OPTIONS reaches worker threads, too, and one listener serves the process.
// Not awaited, so that `--require` works too: all but the listener is there before the program begins.
if (isMainThread) void register(process.env);
