/** Where an error's stack begins: at the call of a public function, in the user's code. */

// biome-ignore lint/complexity/noBannedTypes: whatever can be on a stack
type Callable = Function;

const known = new Set<Callable>();
/** Enough frames to tell which of two public functions has called the other. */
const manyFrames = 200;

/** The stacks of errors that are made below these functions begin at their callers. For functions that are not async. */
export function publicFunctions(...functions: readonly Callable[]): void {
  for (const one of functions) known.add(one);
}

/**
 * Leaves out the frames of the outermost public function, and of all that it has called. `also`: a method, which is one as well.
 */
export function beginAtCaller(error: object, also?: Callable): void {
  const outermost = outermostOf(also === undefined ? known : [...known, also]);
  if (outermost !== undefined) Error.captureStackTrace(error, outermost);
}

function outermostOf(functions: Iterable<Callable>): Callable | undefined {
  // Not every runtime, and not every program, lets its stacks be looked at.
  if (typeof Error.captureStackTrace !== 'function' || !Error.stackTraceLimit) return undefined;
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = manyFrames;
    let outermost: Callable | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const one of functions) {
      const count = framesAbove(one);
      if (count === 0 || count >= least) continue;
      [outermost, least] = [one, count];
    }
    return outermost;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** 0: it is not on the stack. */
function framesAbove(one: Callable): number {
  const probe: { stack?: unknown } = {};
  Error.captureStackTrace(probe, one);
  return typeof probe.stack === 'string' ? framesOf(probe.stack).split('\n').length - 1 : 0;
}

/** The lines of frames, each with the line end ahead of it; empty where there is none. */
export function framesOf(stack: string | undefined): string {
  const first = stack?.search(/\n {4}at /) ?? -1;
  return first < 0 ? '' : (stack as string).slice(first);
}
