import { z } from 'zod';

/**
 * Characters that no name or address has, and that mislead whoever reads one in a terminal, a log or an e-mail: control
 * characters, and those that change the direction of the text around them (CVE-2021-42574).
 */
const readable = /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u;

/** One line of text in a request, such as a name: trimmed, not empty. @param max its length. */
export const requestedLine = (max: number) =>
  z.string().trim().min(1).max(max).regex(readable, 'must be one line of text, without control characters');
