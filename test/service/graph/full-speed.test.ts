import test from 'node:test';
import { reloadAtFullSpeed } from './full-speed.ts';

test('20 reloads under load lose no accepted point', { timeout: 60_000 }, (t) => reloadAtFullSpeed(t, 20));
