/** The table of impacts, for people and programs: what each kind of change does to expressions. */
import { type ImpactRule, impacts } from '../impacts.ts';

const all: readonly (readonly [id: string, rule: ImpactRule])[] = Object.entries(impacts);

export function impactRows(): readonly (readonly string[])[] {
  return [['CHANGE', 'PART', 'IMPACT', 'WHY'], ...all.map(([id, { field, impact, reason }]) => [id, field, impact, reason])];
}

export function impactJson(): string {
  return `${JSON.stringify(
    all.map(([id, rule]) => ({ id, ...rule })),
    undefined,
    2,
  )}\n`;
}

export function impactMarkdown(): string {
  const rows = all.map(
    ([id, { field, impact, reason, page }]) => `| \`${id}\` | ${field} | ${impact} | ${reason} | ${page ? 'yes' : 'no'} |\n`,
  );
  return `| change | part | impact | why | on a page |\n|---|---|---|---|---|\n${rows.join('')}`;
}
