;; Doubles its memory until it gets no more; then it traps.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $more
      (br_if $more (i32.ne (memory.grow (memory.size)) (i32.const -1))))
    unreachable))
