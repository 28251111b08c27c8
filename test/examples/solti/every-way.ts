/** Tasks that between them end in every way there is, and fail in every way a runner can. */
import { readFileSync } from 'node:fs';

export const TASKS = 17;
export const CONFIG = `
[daemon]
port = 0
token = "t0ken"

[discovery]
every = "1h"

[subscribers.keeps]
command = ["sh", "-c", "cat >> events"]
queue = 1000
[subscribers.slow]
command = ["sleep", "600"]
queue = 1
[subscribers.fails]
command = ["sh", "-c", "exit 1"]
queue = 1000

[tasks.good]
runner = "subprocess"
command = ["sh", "-c", "echo $SOLTI_TOKEN > seen"]
[tasks.again]
runner = "subprocess"
command = ["true"]
every = "1h"
[tasks.bad]
runner = "subprocess"
command = ["sh", "-c", "exit 3"]
attempts = 4
backoff = "20ms"
backoff_cap = "50ms"
[tasks.late]
runner = "subprocess"
command = ["sleep", "600"]
timeout = "100ms"
attempts = 2
backoff = "10ms"
[tasks.once]
runner = "subprocess"
command = ["sh", "-c", "test -e tried || { touch tried; exit 1; }"]
backoff = "1ms"
[tasks.long]
runner = "subprocess"
command = ["sleep", "600"]
[tasks.family]
runner = "subprocess"
command = ["sh", "-c", "echo $$ > parent.pid; sleep 600 & echo $! > child.pid; wait"]
[tasks.missing]
runner = "subprocess"
command = ["there-is-no-such-program"]
attempts = 2
backoff = "1ms"
[tasks.limited]
runner = "subprocess"
command = ["true"]
# Linux has at most 4194304.
pids_max = 5000000
[tasks.hello]
runner = "wasm"
module = "hello.wat"
[tasks.trap]
runner = "wasm"
module = "trap.wat"
attempts = 1
[tasks.spin]
runner = "wasm"
module = "spin.wat"
timeout = "100ms"
attempts = 1
[tasks.turns]
runner = "wasm"
module = "spin.wat"
[tasks.broken]
runner = "wasm"
module = "broken.wat"
[tasks.unlinked]
runner = "wasm"
module = "unlinked.wat"
[tasks.unwritten]
runner = "wasm"
module = "unwritten.wasm"
[tasks.container]
runner = "container"
image = "alpine"
`;

/** The lines of some of these tasks. */
export function linesOf(...names: readonly string[]): string {
  return names.map((name) => new RegExp(`^\\[tasks\\.${name}\\]\\n(?:[^[\\n].*\\n)+`, 'm').exec(CONFIG)?.[0] ?? '').join('');
}

export const modules: Readonly<Record<string, string>> = {
  'hello.wat': readFileSync(new URL('../../../examples/wasmrun/modules/hello.wat', import.meta.url), 'utf8'),
  'spin.wat': readFileSync(new URL('../../../examples/wasmrun/modules/spin.wat', import.meta.url), 'utf8'),
  'trap.wat': '(module (memory (export "memory") 1) (func (export "_start") unreachable))',
  'broken.wat': '(module (func',
  'unlinked.wat': '(module (import "elsewhere" "f" (func)) (memory (export "memory") 1) (func (export "_start")))',
};
