/** A metric of an instrument that no contract names. */
import type { Kind } from '../../../core/naming/kind.ts';
import type { RowShape } from '../../../core/store/index.ts';
import type { KeepsKey } from '../../series/by-attributes/attribute-keys.ts';

export interface Stream {
  readonly name: string;
  readonly description: string;
  readonly shape: RowShape;
  /** The kind whose values it takes: the instrument's, but a sum and a histogram of a gauge take finite numbers only. */
  readonly accepts: Kind;
  /** Undefined: it has all attributes. */
  readonly keeps?: KeepsKey | undefined;
  /** The most sets of attributes. Undefined: the default. */
  readonly limit?: number | undefined;
  /** Its view gives the description, which no library changes. */
  readonly describedByView?: true;
  /** The place of its view in the option; undefined: no view has made it. */
  readonly view?: number;
}
