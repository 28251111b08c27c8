/** The keys of the extension `file_storage`. */
import { duration, flag, type Infer, section, text, wholeNumber, withoutEffect } from '../../../core/config/schema/index.ts';

const octal = /^[0-7]{1,4}$/;
const allBits = 0o777;
const segments = 'files are deleted whole once all that is in them was sent';

export const fileStorageSchema = section(
  {
    /** Exists, unless `create_directory` is set. */
    directory: text({ default: '/var/lib/otelcol/file_storage', example: 'write the path of a directory' }),
    /** How long the start waits for another process that uses the directory. */
    timeout: duration({ default: '1s' }),
    /** Bytes of the files of each component; 0: no limit. */
    max_size: wholeNumber({ default: 0 }),
    /** What is accepted is on the disk, not only with the system. */
    fsync: flag({ default: false }),
    create_directory: flag({ default: false }),
    directory_permissions: text({ default: '0750', example: 'write "0750"' }),
    recreate: withoutEffect(flag(), 'what is damaged is skipped, and the rest is read'),
    compaction: withoutEffect(
      section({
        on_start: flag(),
        on_rebound: flag(),
        directory: text(),
        rebound_needed_threshold_mib: wholeNumber(),
        rebound_trigger_threshold_mib: wholeNumber(),
        max_transaction_size: wholeNumber(),
        check_interval: duration(),
        cleanup_on_start: flag(),
      }),
      segments,
    ),
  },
  ({ directory, create_directory: creates, directory_permissions: permissions }, on) => {
    if (directory === '') on.refuse('directory', '""', 'it is the path of a directory', 'write the path of a directory');
    if (creates && !(octal.test(permissions) && Number.parseInt(permissions, 8) <= allBits))
      on.refuse(
        'directory_permissions',
        JSON.stringify(permissions),
        'it is an octal number up to 0777, as a string',
        'write "0750"',
      );
  },
);

export type FileStorageSettings = Infer<typeof fileStorageSchema>;
