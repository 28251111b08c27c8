/** The keys of the exporter `file`. */
import {
  duration,
  flag,
  type Infer,
  notSupported,
  oneOf,
  optional,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../../core/config/schema/index.ts';

const octal = /^[0-7]{1,4}$/;
const allBits = 0o777;

function permissionsRule(permissions: string): string | undefined {
  if (permissions === '') return undefined;
  return octal.test(permissions) && Number.parseInt(permissions, 8) <= allBits
    ? undefined
    : 'it is an octal number up to 0777, as a string';
}

export const fileSchema = section(
  {
    /** A relative one starts at the working directory. */
    path: text({ check: (path) => (path === '' ? 'it is the path of a file' : undefined), example: 'write ./metrics.jsonl' }),
    /** Otherwise what the file holds at the start is lost. */
    append: flag({ default: false }),
    /** `json`: one object of OTLP's JSON a batch and line. `proto`: its protobuf, behind its length in four bytes. */
    format: oneOf(['json', 'proto'], { default: 'json' }),
    /** Of each batch by itself, behind its length in four bytes. */
    compression: oneOf(['', 'zstd'], { default: '' }),
    compression_params: withoutEffect(
      section({ level: wholeNumber() }),
      'as in the Collector, which reads it behind a feature gate only',
    ),
    /** 0: one second. */
    flush_interval: duration({ default: '1s' }),
    /** There, even if it is empty: the file is renamed before it becomes larger, and a new one is begun. */
    rotation: optional(
      section({
        /** Megabytes of 2^20 bytes. 0: 100. */
        max_megabytes: wholeNumber({ default: 100 }),
        /** Days after which an old file is removed. 0: never. */
        max_days: wholeNumber({ default: 0 }),
        /** Old files that are kept. 0: all. */
        max_backups: wholeNumber({ default: 100 }),
        /** The time in the names of old files is the machine's, not UTC. */
        localtime: flag({ default: false }),
      }),
    ),
    /** Of `path`, with all directories above it, at the start. */
    create_directory: flag({ default: false }),
    directory_permissions: text({ default: '', check: permissionsRule, example: 'write "0755"' }),
    group_by: notSupported('leave it out: all batches go to one file'),
    encoding: notSupported('leave it out, and write format: json or proto'),
  },
  ({ append, create_directory, directory_permissions, rotation }, on) => {
    if (append && rotation !== undefined) {
      on.refuse('append', 'true', 'it does not go with rotation', 'leave it out: with rotation, what the file holds is kept');
    }
    if (!create_directory && directory_permissions !== '') {
      on.refuse(
        'directory_permissions',
        JSON.stringify(directory_permissions),
        'it goes with create_directory: true',
        'write create_directory: true, or leave it out',
      );
    }
  },
);

export type FileSettings = Infer<typeof fileSchema>;
