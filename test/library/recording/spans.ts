/** Spans that somebody else made, and a context manager for code without awaits: what a tracer sets up in a real program. */
import { type Context, type ContextManager, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';

/** The example of W3C Trace Context, "traceparent". */
export const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' } as const;

export function spanContext(given: Partial<{ traceId: string; spanId: string; sampled: boolean }> = {}): Context {
  const { traceId = ids.traceId, spanId = ids.spanId, sampled = true } = given;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext({ traceId, spanId, traceFlags }));
}

/** Makes `context.active()` work in this process; returns what undoes it. */
export function useContexts(): () => void {
  let active = ROOT_CONTEXT;
  const manager: ContextManager = {
    active: () => active,
    with(entered, run, self, ...given) {
      const before = active;
      active = entered;
      try {
        return run.call(self as never, ...given);
      } finally {
        active = before;
      }
    },
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
  return () => context.disable();
}
