/** `breaking`: an expression that was right is wrong or empty; `risky`: it may be; `safe`: none is. */
export type Impact = 'breaking' | 'risky' | 'safe';

/**
 * The part of a contract that changed. `contract` and `order` concern the whole contract; `declaration` is what only pushes and
 * programs see.
 */
export type ChangedField =
  | 'metric'
  | 'name'
  | 'type'
  | 'unit'
  | 'help'
  | 'label'
  | 'value'
  | 'limit'
  | 'bound'
  | 'exponential'
  | 'quantile'
  | 'start'
  | 'omission'
  | 'exemplars'
  | 'across'
  | 'lifecycle'
  | 'declaration'
  | 'order'
  | 'contract';

export type Row = readonly [field: ChangedField, impact: Impact, page: boolean, reason: string];
