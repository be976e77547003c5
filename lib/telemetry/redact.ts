import { namespace } from '../config/namespace';

const hidden = '[redacted]';

/**
 * Keys whose text is personal or secret, anywhere in a logged object. `name` is a person's: log other names under other
 * keys.
 */
const secretKey = String.raw`(e-?mail|name|line1|postalCode|authorization|cookie|[a-z_-]*(?:token|password|secret))`;
const text = String.raw`"(?:[^"\\]|\\.)*"`;
/** One text, or a list of them. */
const keys = new RegExp(String.raw`"${secretKey}":(?:${text}|\[(?:${text},?)+\])`, 'gi');
/**
 * The same in JSON that is itself a string in a JSON line: the value ends at a quote with as many backslashes as the
 * key's.
 */
const escapedKeys = new RegExp(
  String.raw`(?<!\\)(\\+)"${secretKey}\1"(\s*:\s*)\1"(?:[^"\\]|\\+[^"\\]|(?!\1")\\+")*(?:\1")?`,
  'gi',
);
const urlCredentials = /:\/\/[^\s"/]*@/g;
/** The at sign may be URL-encoded, up to four times over. */
const emailAddress =
  /(?:[^\s"'`<>()[\]{},:;=/\\@%]|%(?!(?:25){0,3}40)){1,64}(?:@|%(?:25){0,3}40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/giu;
/** Secrets in the query of a URL, or in the body of a form. */
const secretParameter = /([?&](?:[a-z_-]{0,40}(?:token|password|secret)|code)=)[^&\s"\\]+/gi;
/**
 * A run of characters of a token. The look-behind makes each run match once; without it, the time for `eyJeyJeyJ…`
 * grows with the square of its length.
 */
const encodedRun = /(?<![\w.-])[\w.-]+/g;
/** An API key: what people tell keys apart by stays. Its parts have fixed lengths, so the time is linear. */
const apiKey = new RegExp(String.raw`(${namespace}_[0-9a-f]{12}_)[\w-]{43}`, 'g');
/** The beginning of a JSON object in base64url. */
const encodedObject = 'eyJ';

/** Hides everything from the first encoded object on, when that has the three parts of a token. */
function withoutToken(run: string): string {
  const at = run.indexOf(encodedObject);
  return at >= 0 && run.slice(at).split('.', 3).length === 3 ? `${run.slice(0, at)}${hidden}` : run;
}

/**
 * Removes names, e-mail addresses, tokens, API keys and passwords from a log line.
 * It works on the finished line, so that nothing inside a message, a stack or a nested object is missed. Its time is
 * linear in the length of the line, whatever the line contains.
 */
export function redact(line: string): string {
  let redacted = line.replace(keys, (_, key: string) => `"${key}":"${hidden}"`);
  if (redacted.includes('\\"')) {
    redacted = redacted.replace(
      escapedKeys,
      (_, escape: string, key: string, colon: string) =>
        `${escape}"${key}${escape}"${colon}${escape}"${hidden}${escape}"`,
    );
  }
  if (redacted.includes('@')) redacted = redacted.replace(urlCredentials, '://');
  if (redacted.includes('@') || redacted.includes('%')) redacted = redacted.replace(emailAddress, hidden);
  if (redacted.includes('=')) redacted = redacted.replace(secretParameter, `$1${hidden}`);
  if (redacted.includes(`${namespace}_`)) redacted = redacted.replace(apiKey, `$1${hidden}`);
  if (redacted.includes(encodedObject)) redacted = redacted.replace(encodedRun, withoutToken);
  return redacted;
}
