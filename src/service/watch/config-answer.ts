/** `/api/config`: what is in effect, and what a reload would change. Secrets are nowhere in it. */
import type { Config, DiffLine, DiskState } from '../../status/model/index.ts';
import type { Factory } from '../component.ts';
import { type CheckedConfig, printConfig, printYaml, type ReadConfig } from '../config/index.ts';
import { linesBetween } from './lines-between.ts';
import { withoutValue } from './reload-log.ts';

export interface ConfigParts {
  /** In effect. */
  readonly config: () => CheckedConfig<Factory> | undefined;
  readonly loadedAt: () => number;
  /** As the command line names them. */
  readonly sources: readonly string[];
  readonly reread: (() => ReadConfig<Factory>) | undefined;
  readonly clock: () => number;
}

/** Files are read at most so often, in milliseconds, however many ask. */
const keptMs = 5_000;
const kinds = ['receiver', 'processor', 'exporter', 'extension'] as const;

export function createConfigAnswer(parts: ConfigParts): () => Config {
  const { clock, sources, reread } = parts;
  let last: { readonly config: CheckedConfig<Factory>; readonly answer: Config } | undefined;

  function diskState(config: CheckedConfig<Factory>, yaml: string): DiskState {
    const read = reread?.();
    if (read === undefined) return { state: 'unread' };
    if (!read.ok) return { state: 'wrong', problems: read.problems.map(withoutValue) };
    const lines = linesBetween(yaml, printYaml(printConfig(read.config, false)));
    const secrets = otherSecrets(config, read.config);
    const isSame = secrets.length === 0 && lines.every(({ what }: DiffLine) => what === 'same');
    return isSame ? { state: 'same' } : { state: 'differs', lines, secrets };
  }

  return () => {
    const now = clock();
    const config = parts.config();
    if (config === undefined) return { at: now, yaml: '', loadedAt: now, sources, disk: { state: 'unread' } };
    if (last?.config === config && now - last.answer.at < keptMs) return last.answer;
    const yaml = printYaml(printConfig(config, false));
    const answer = { at: now, yaml, loadedAt: parts.loadedAt(), sources, disk: diskState(config, yaml) };
    last = { config, answer };
    return answer;
  };
}

/** Components whose settings differ only by what is redacted. */
function otherSecrets(now: CheckedConfig<Factory>, disk: CheckedConfig<Factory>): readonly string[] {
  return kinds.flatMap((kind) => {
    const there = disk[`${kind}s`];
    return [...now[`${kind}s`]].flatMap(([id, { factory, settings }]) => {
      const other = there.get(id);
      if (other === undefined) return [];
      const text = (of: unknown, unredacted: boolean) => JSON.stringify(factory.schema.print(of, unredacted));
      const differs =
        text(settings, true) !== text(other.settings, true) && text(settings, false) === text(other.settings, false);
      return differs ? [`${kind} ${id}`] : [];
    });
  });
}
