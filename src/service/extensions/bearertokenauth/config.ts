/** The keys of the extension `bearertokenauth`. */
import { type Infer, list, optional, secret, section, text } from '../../../core/config/schema/index.ts';
import { isSet } from '../../guard/tls-keys.ts';

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export const bearertokenauthSchema = section(
  {
    header: text({ default: 'Authorization', example: 'write Authorization', check: headerRule }),
    /** Ahead of the token, with a space. Empty: the token alone. */
    scheme: text({ default: 'Bearer', example: 'write Bearer', check: schemeRule }),
    token: optional(secret()),
    /** A server takes each of them, a client sends the first. */
    tokens: list(secret(), { default: [] }),
    /** A token a line. Counts ahead of the others, and is read again when it changes. */
    filename: optional(text({ example: 'write the path of a file' })),
  },
  ({ token: one, tokens, filename }, on) => {
    const many = tokens.length > 0;
    if (isSet(one) && many) on.refuse('tokens', 'both', 'it is token or tokens', 'keep one of the two');
    if (!isSet(one) && !many && !isSet(filename))
      on.refuse('', 'none', 'it has token, tokens or filename', 'write filename: PATH');
    if (isSet(filename) && (isSet(one) || many)) on.warn('filename', 'the tokens of this file count, and no others');
    for (const [index, value] of [...(isSet(one) ? [one] : []), ...tokens].entries()) {
      if (/^\S+$/.test(value)) continue;
      on.refuse(
        many ? 'tokens' : 'token',
        many ? `token ${index + 1}` : '[redacted]',
        'a token has no white space',
        'correct it',
      );
    }
  },
);

export type BearertokenauthSettings = Infer<typeof bearertokenauthSchema>;

function headerRule(name: string): string | undefined {
  return token.test(name) ? undefined : 'it is the name of a header';
}

function schemeRule(scheme: string): string | undefined {
  return scheme === '' || token.test(scheme) ? undefined : 'it is one word (RFC 9110, section 11.1), or empty';
}
