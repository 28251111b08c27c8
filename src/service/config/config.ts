/** A configuration of the service that has been checked. */

import type { Address, Plain, Reference, Schema } from '../../core/config/schema/index.ts';
import type { Problem } from '../../core/errors/error.ts';
import type { Batching } from '../component.ts';
import type { Telemetry } from './service.ts';

export type ComponentKind = 'receiver' | 'processor' | 'exporter' | 'extension';

/** What the configuration has to know of a component; every factory is one. */
export interface Described {
  readonly kind: ComponentKind;
  readonly type: string;
  readonly schema: Schema<unknown>;
  /** Where it will listen, by the key within its settings: no two components of the pipelines share an address. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the schema reads
  listens?(settings: any): readonly { readonly key: string; readonly address: Address }[];
  /** Extensions that it names. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the schema reads
  needs?(settings: any): readonly { readonly extension: Reference; readonly offer: string }[];
  /** Of an extension: what it offers. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the schema reads
  offers?(settings: any): readonly string[];
  /** Of a processor that holds points to put them together: how. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the schema reads
  batches?(settings: any): Batching;
  /** Of an exporter: it takes requests as they come, also where a processor puts them together. */
  readonly takesUnbatched?: boolean;
}

export interface CheckedComponent<D extends Described = Described> {
  /** `TYPE` or `TYPE/NAME`. */
  readonly id: string;
  readonly factory: D;
  /** As `factory.schema` reads them. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the factory takes
  readonly settings: any;
  /** `FILE:LINE:COLUMN KEYS`, for messages. */
  readonly at: string;
}

/** Components by their ids, in the file's order. */
export type CheckedOf<D extends Described, K extends ComponentKind> = ReadonlyMap<
  string,
  CheckedComponent<Extract<D, { readonly kind: K }>>
>;

/** Ids of components, in the file's order; each is in the configuration's map of its kind. */
export interface CheckedPipeline {
  /** `metrics` or `metrics/NAME`. */
  readonly id: string;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** All components, whether something uses them or not. */
export interface CheckedConfig<D extends Described = Described> {
  readonly receivers: CheckedOf<D, 'receiver'>;
  readonly processors: CheckedOf<D, 'processor'>;
  readonly exporters: CheckedOf<D, 'exporter'>;
  readonly extensions: CheckedOf<D, 'extension'>;
  readonly service: {
    /** Ids, in the order in which they start. */
    readonly extensions: readonly string[];
    readonly pipelines: readonly CheckedPipeline[];
    readonly telemetry: Telemetry;
  };
}

/** Where a configuration comes from, as the command line names it. */
export interface Sources {
  /** `--config`: a path, `file:PATH`, `env:NAME` or `yaml:TEXT`; merged in this order. */
  readonly config: readonly string[];
  /** `--set`: `a.b=c`; merged after all of `config`. */
  readonly set?: readonly string[];
}

export interface ReadOptions {
  /** Leaves pipelines of other signals out, with a warning, instead of rejecting them. Default: false. */
  readonly metricsOnly?: boolean;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type ReadConfig<D extends Described = Described> =
  /** `print`: as the user would write it, with the defaults. */
  | {
      readonly ok: true;
      readonly config: CheckedConfig<D>;
      print(unredacted: boolean): Plain;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };
