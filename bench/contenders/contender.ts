/** What every contender can be asked for. What is left out it does not have. */

/** Labels of one instrument; every instrument of a case has names of its own. */
export interface Shape {
  readonly name: string;
  readonly labels: readonly { readonly name: string; readonly values: readonly (string | number)[] }[];
}

/** Instruments, and how a program's source text calls one. */
export interface Calls {
  readonly instruments: readonly object[];
  /** The three are pieces of source: an identifier, a number, an object literal. */
  call(instrument: string, value: string, labels: string): string;
}

/** Series that change and are rendered, again and again. */
export interface Page {
  /** Writes a new value to every series. */
  change(round: number): void;
  /** One whole exposition as bytes, however the contender comes to them; their number. */
  render(): Promise<number>;
  /** `/metrics` over HTTP the way the contender's own documentation does it; the URL. `threaded`: from a worker, where it can. */
  serve(options?: { readonly threaded?: boolean }): Promise<string>;
}

export interface Contender {
  readonly counters?: (shapes: readonly Shape[]) => Calls;
  /** The same through `@opentelemetry/api`; for who knows only one way, that one. */
  readonly apiCounters?: (shapes: readonly Shape[]) => Calls;
  /** Counters whose labels nobody declared; for who demands a declaration, declared ones. */
  readonly openCounters?: (shapes: readonly Shape[]) => Calls;
  /** One series of each, resolved ahead. */
  readonly boundCounters?: (shapes: readonly Shape[]) => Calls;
  readonly histograms?: (shapes: readonly Shape[], bounds: readonly number[]) => Calls;
  /** Gauges with the labels of `gaugeLabels`. */
  readonly gaugePage?: (series: number) => Page;
  readonly histogramPage?: (series: number, bounds: readonly number[]) => Page;
  /** Collects as a push would, with a scrape reader set up that nobody reads. */
  readonly pusher?: (shapes: readonly Shape[]) => { record(round: number): void; push(): Promise<void> };
}

const methods = ['GET', 'PUT', 'POST', 'DELETE'];

export function gaugeLabels(index: number): { method: string; path: string } {
  return { method: methods[index % methods.length] as string, path: `/api/items/${index}` };
}

/** Different in every round, and with decimals, as measured values have them. */
export function gaugeValue(index: number, round: number): number {
  return (index * 37 + round * 101) / 1000;
}
