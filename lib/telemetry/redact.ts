const hidden = '[redacted]';

/** Keys whose text is personal or secret, wherever in a logged object they stand. `name` is a person's: log other names under other keys. */
const secretKey = String.raw`(e-?mail|name|line1|postalCode|authorization|cookie|[a-z_-]*(?:token|password|secret))`;
const keys = new RegExp(String.raw`"${secretKey}":"(?:[^"\\]|\\.)*"`, 'gi');
/** The same in JSON that is itself text in a JSON line: as many backslashes as before the key's quotes end its value. */
const escapedKeys = new RegExp(
  String.raw`(?<!\\)(\\+)"${secretKey}\1"(\s*:\s*)\1"(?:[^"\\]|\\+[^"\\]|(?!\1")\\+")*(?:\1")?`,
  'gi',
);
const urlCredentials = /:\/\/[^\s"/]*@/g;
const emailAddress = /(?:[^\s"'`<>()[\]{},:;=/\\@%]|%(?!40)){1,64}(?:@|%40)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gi;
/**
 * A run of what a token is written in. The look-behind has each run tried once: tried at each of its characters,
 * `eyJeyJeyJ…` took a time that grew with the square of its length.
 */
const encodedRun = /(?<![\w.-])[\w.-]+/g;
/** How base64url begins that holds a JSON object. */
const encodedObject = 'eyJ';

/** Hides what follows the first encoded object when it has the three parts of a token. */
function withoutToken(run: string): string {
  const at = run.indexOf(encodedObject);
  return at >= 0 && run.slice(at).split('.', 3).length === 3 ? `${run.slice(0, at)}${hidden}` : run;
}

/**
 * A log line without names, e-mail addresses, tokens and passwords.
 * It works on the finished line, so that nothing slips past it inside a message, a stack or a nested object. Its time grows
 * with the length of the line and no faster, whatever a caller has put there.
 */
export function redact(line: string): string {
  let text = line.replace(keys, (_, key: string) => `"${key}":"${hidden}"`);
  if (text.includes('\\"')) {
    text = text.replace(
      escapedKeys,
      (_, escape: string, key: string, colon: string) =>
        `${escape}"${key}${escape}"${colon}${escape}"${hidden}${escape}"`,
    );
  }
  if (text.includes('@')) text = text.replace(urlCredentials, '://');
  if (text.includes('@') || text.includes('%40')) text = text.replace(emailAddress, hidden);
  if (text.includes(encodedObject)) text = text.replace(encodedRun, withoutToken);
  return text;
}
