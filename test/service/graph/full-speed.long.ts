import test from 'node:test';
import { reloadAtFullSpeed } from './full-speed.ts';

test('100 reloads under load lose no accepted point', { timeout: 300_000 }, (t) => reloadAtFullSpeed(t, 100));
