const hidden = '[redacted]';

/** Keys whose text is personal or secret, wherever in a logged object they stand. `name` is a person's: log other names under other keys. */
const keys =
  /"(e-?mail|name|line1|postalCode|authorization|cookie|[a-z_-]*(?:token|password|secret))":"(?:[^"\\]|\\.)*"/gi;
const urlCredentials = /:\/\/[^\s"/]*@/g;
const emailAddress = /[^\s"'`<>()[\]{},:;=/\\@]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gi;
const jsonWebToken = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * A log line without names, e-mail addresses, tokens and passwords.
 * It works on the finished line, so that nothing slips past it inside a message, a stack or a nested object.
 */
export function redact(line: string): string {
  const withoutKeys = line.replace(keys, (_, key: string) => `"${key}":"${hidden}"`);
  const withoutAddresses = withoutKeys.includes('@')
    ? withoutKeys.replace(urlCredentials, '://').replace(emailAddress, hidden)
    : withoutKeys;
  return withoutAddresses.replace(jsonWebToken, hidden);
}
