/** What one picture of the page is drawn from: answers of `/api/*`, of which some may be older than others. */
import type { Config, Family, Graph, Labels, Producers, Refusals, Scrapers, Series, Status } from '../model/index.ts';

export interface PageData {
  readonly status: Status;
  /** The service's clock: ages are counted by it, never by the browser's. */
  readonly now: number;
  readonly graph: Graph;
  readonly producers?: Producers | undefined;
  readonly scrapers?: Scrapers | undefined;
  readonly series?: Series | undefined;
  /** Counted only when somebody asks for it. */
  readonly labels?: Labels | undefined;
  readonly refusals?: Refusals | undefined;
  readonly config?: Config | undefined;
  /** The family that is looked at. */
  readonly family?: FamilyWanted | undefined;
  /** `still`: as the server wrote it; nothing moves. `lost`: the service no longer responds. */
  readonly live: 'still' | 'live' | 'paused' | 'lost';
}

export interface FamilyWanted {
  readonly store: string;
  readonly name: string;
  /** Undefined: it is being asked for. `gone`: there is no such family now. */
  readonly found?: Family | 'gone' | undefined;
}
