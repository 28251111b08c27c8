/** Options of a command as data: what `parseArgs` reads, what `--help` prints and what the documentation's table shows. */

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** What stands for the value, e.g. `NAME`; an option without one is a flag. */
  readonly value?: string;
  /** In words, where the option has one. */
  readonly byDefault?: string;
  readonly what: string;
}

export type Options = Readonly<Record<string, Option>>;

/** E.g. `--set KEY=VALUE`. */
export function spelling(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** One line for each option. */
export function optionsHelp(options: Options): string {
  const lines = Object.entries(options).map(([name, option]) => {
    const byDefault = option.byDefault === undefined ? '' : `; default: ${option.byDefault}`;
    return `  ${spelling(name, option).padEnd(30)}  ${option.what}${byDefault}`;
  });
  return `${lines.join('\n')}\n`;
}
