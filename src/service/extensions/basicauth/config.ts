/** The keys of the extension `basicauth`. */
import { type Infer, optional, secret, section, text } from '../../../core/config/schema/index.ts';
import { isSet } from '../../guard/tls-keys.ts';
import { readHtpasswd } from './htpasswd.ts';

const file = optional(text({ example: 'write the path of a file' }));

export const basicauthSchema = section(
  {
    /** For servers. Users of `inline` count ahead of those of `file`. */
    htpasswd: optional(section({ file, inline: optional(secret()) })),
    /** For clients. A file counts ahead of the value, and is read again when it changes. */
    client_auth: optional(
      section({ username: optional(text()), username_file: file, password: optional(secret()), password_file: file }),
    ),
  },
  ({ htpasswd, client_auth: client }, on) => {
    if ((htpasswd === undefined) === (client === undefined))
      on.refuse(
        '',
        htpasswd ? 'both' : 'neither',
        'it has htpasswd, for servers, or client_auth, for clients',
        'write one of the two',
      );
    if (htpasswd !== undefined && !isSet(htpasswd.file) && !isSet(htpasswd.inline))
      on.refuse('htpasswd', 'neither', 'it has file or inline', 'write file: PATH');
    for (const { got, rule, fix } of readHtpasswd(htpasswd?.inline ?? '').problems) on.refuse('htpasswd.inline', got, rule, fix);
    if (client?.username?.includes(':'))
      on.refuse('client_auth.username', 'a colon', 'a user name has no colon (RFC 7617)', 'use another name');
  },
);

export type BasicauthSettings = Infer<typeof basicauthSchema>;
