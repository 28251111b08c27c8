;; Writes 64 KiB to standard error a hundred times, more than most limits of output; its exit code is 3.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "\08\00\00\00\00\00\01\00")
  (func (export "_start")
    (local $left i32)
    (memory.fill (i32.const 8) (i32.const 46) (i32.const 65536))
    (local.set $left (i32.const 100))
    (loop $again
      (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 65600)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (call $proc_exit (i32.const 3))))
