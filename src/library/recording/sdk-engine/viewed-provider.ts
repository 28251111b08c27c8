/**
 * Views on the SDK's engine. The SDK records, but which metrics an instrument has is decided by `views/streams.ts`: the SDK's own
 * views know no `?` and one `*`, apply to meters without a version whatever theirs is, and count twice where two of them make
 * metrics of one name. So each metric is an instrument of the SDK whose name begins with the place of its view, by which a view
 * of the SDK selects it. Observable instruments that a view selects are recorded by the store engine, as those of a contract are:
 * of values that differ only in dropped attributes the SDK would keep the last.
 */
import type { Attributes, Meter, MeterProvider, MetricOptions, Observable } from '@opentelemetry/api';
import type { ViewOptions as SdkView } from '@opentelemetry/sdk-metrics';
import type { Scope } from '../../../core/store/store.ts';
import { type KeepsKey, keptAttributes } from '../../series/by-attributes/attribute-keys.ts';
import { recordable } from '../../series/by-attributes/recordable-attributes.ts';
import { scopeOf } from '../otel-api/scope-of.ts';
import { type Asked, describe } from '../store-engine/uncontracted/descriptor.ts';
import { boundariesOf, exponentialShape, recordsMinMax } from '../views/forms.ts';
import { keepsKeys, type Views } from '../views/streams.ts';
import type { ViewOptions } from '../views/view-options.ts';
import { sdkMetrics } from './packages.ts';

/** `v0.`: no view has made it. */
const prefix = (view: number | undefined): string => `v${view === undefined ? 0 : view + 1}.`;
const prefixed = /^v(\d+)\.(.*)$/s;

/** The metric's name, and the view that made it. */
export function readStreamName(
  name: string,
  views: readonly ViewOptions[],
): { readonly name: string; readonly view: ViewOptions | undefined } {
  const [, place, own = name] = prefixed.exec(name) ?? [];
  return { name: own, view: views[Number(place) - 1] };
}

export function sdkViews(views: readonly ViewOptions[], onShortened: (label: string) => void): SdkView[] {
  return [undefined, ...views].map((view, at) => ({
    instrumentName: `${prefix(at === 0 ? undefined : at - 1)}*`,
    attributesProcessors: [kept(keepsKeys(view?.attributeKeys), onShortened)],
    ...(view !== undefined && aggregationOf(view)),
    // The SDK counts the overflow, too.
    ...(view?.aggregationCardinalityLimit !== undefined && { aggregationCardinalityLimit: view.aggregationCardinalityLimit + 1 }),
  }));
}

function kept(
  keeps: KeepsKey | undefined,
  onShortened: (label: string) => void,
): { process(attributes: Attributes): Attributes } {
  if (keeps === undefined) return { process: (attributes) => recordable(attributes, onShortened) };
  return { process: (attributes) => recordable(keptAttributes(attributes, keeps) as Attributes, onShortened) };
}

function aggregationOf(view: ViewOptions): Pick<SdkView, 'aggregation'> {
  const { AggregationType } = sdkMetrics();
  const recordMinMax = recordsMinMax(view);
  switch (view.aggregation?.type) {
    case 'SUM':
      return { aggregation: { type: AggregationType.SUM } };
    case 'LAST_VALUE':
      return { aggregation: { type: AggregationType.LAST_VALUE } };
    case 'EXPLICIT_BUCKET_HISTOGRAM': {
      const options = { boundaries: [...boundariesOf(view)], recordMinMax };
      return { aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options } };
    }
    case 'EXPONENTIAL_HISTOGRAM': {
      // The SDK has no maximum scale: `sdk-points-to-rows.ts` scales a point down to it.
      const options = { maxSize: exponentialShape(view).maxSize, recordMinMax };
      return { aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options } };
    }
    default:
      // What is dropped has no instrument.
      return {};
  }
}

type Put = (value: number, attributes?: Attributes) => void;
type Create = 'createCounter' | 'createUpDownCounter' | 'createGauge' | 'createHistogram';
type CreateObservable = 'createObservableCounter' | 'createObservableUpDownCounter' | 'createObservableGauge';

export interface ViewedProviderOptions {
  readonly views: Views;
  /** Makes the observable instruments that a view selects. */
  readonly observables: MeterProvider;
  /** An instrument of the SDK is made. */
  readonly onMade: (scope: Scope, name: string) => void;
}

/** For `registeredMeters`, which has said what is wrong with an instrument. */
export function createViewedProvider(sdk: MeterProvider, { views, observables, onMade }: ViewedProviderOptions): MeterProvider {
  const meters = new WeakMap<Meter, Meter>();
  /** Those that `observables` has made. */
  const own = new WeakSet<Observable>();
  return Object.freeze<MeterProvider>({
    getMeter(name, version, options) {
      const inner = sdk.getMeter(name, version, options);
      let meter = meters.get(inner);
      if (meter === undefined) {
        const scope = scopeOf({ name, version, schemaUrl: options?.schemaUrl });
        const viewed = observables.getMeter(name, version, options);
        meter = createViewedMeter(inner, { viewed, own, views, scope, onMade: (made) => onMade(scope, made) });
        meters.set(inner, meter);
      }
      return meter;
    },
  });
}

interface ViewedMeterOptions extends Pick<ViewedProviderOptions, 'views'> {
  readonly scope: Scope;
  readonly viewed: Meter;
  /** The instruments of `viewed`. */
  readonly own: WeakSet<Observable>;
  readonly onMade: (name: string) => void;
}

function createViewedMeter(sdk: Meter, { viewed, own, views, scope, onMade }: ViewedMeterOptions): Meter {
  function recorded(create: Create, asked: Asked, name: string, options: MetricOptions | undefined) {
    const puts = views.streamsOf(scope, describe(name, asked, options, silent)).map((stream) => {
      const called = `${prefix(stream.view)}${stream.name}`;
      onMade(called);
      return putOf(sdk[create](called, { ...options, description: stream.description }));
    });
    const put: Put = (value, attributes) => {
      for (const each of puts) each(value, attributes);
    };
    return Object.freeze({ add: put, record: put });
  }

  function observable(create: CreateObservable, asked: Asked, name: string, options: MetricOptions | undefined): Observable {
    if (views.selects(scope, describe(name, asked, options, silent))) {
      const made = viewed[create](name, options);
      own.add(made);
      return made;
    }
    const called = `${prefix(undefined)}${name}`;
    onMade(called);
    return sdk[create](called, options);
  }

  function split(handles: readonly Observable[]): [mine: Observable[], others: Observable[]] {
    return [handles.filter((handle) => own.has(handle)), handles.filter((handle) => !own.has(handle))];
  }

  const counter = { what: 'counter', kind: 'counter', observed: false } as const;
  const upDownCounter = { what: 'up-down counter', kind: 'updowncounter', observed: false } as const;
  const gauge = { what: 'gauge', kind: 'gauge', observed: false } as const;
  const histogram = { what: 'histogram', kind: 'histogram', observed: false } as const;
  return Object.freeze<Meter>({
    createCounter: (name, options) => recorded('createCounter', counter, name, options),
    createUpDownCounter: (name, options) => recorded('createUpDownCounter', upDownCounter, name, options),
    createGauge: (name, options) => recorded('createGauge', gauge, name, options),
    createHistogram: (name, options) => recorded('createHistogram', histogram, name, options),
    createObservableCounter: (name, options) =>
      observable('createObservableCounter', { ...counter, observed: true }, name, options),
    createObservableUpDownCounter: (name, options) =>
      observable('createObservableUpDownCounter', { ...upDownCounter, observed: true }, name, options),
    createObservableGauge: (name, options) => observable('createObservableGauge', { ...gauge, observed: true }, name, options),
    addBatchObservableCallback(callback, handles) {
      const [mine, others] = split(handles);
      if (mine.length > 0) viewed.addBatchObservableCallback(callback, mine);
      if (others.length > 0) sdk.addBatchObservableCallback(callback, others);
    },
    removeBatchObservableCallback(callback, handles) {
      const [mine, others] = split(handles);
      viewed.removeBatchObservableCallback(callback, mine);
      sdk.removeBatchObservableCallback(callback, others);
    },
  });
}

function putOf(made: { add: Put } | { record: Put }): Put {
  return 'add' in made
    ? (value, attributes) => made.add(value, attributes)
    : (value, attributes) => made.record(value, attributes);
}

function silent(): void {}
