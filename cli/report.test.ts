import { expect, jest, test } from '@jest/globals';
import { exitCodes } from './exit-codes';
import { CommandFailure } from './failures';
import { createProgram } from './program';
import { asksForJson, report } from './report';

/** What is written on standard error, and the exit code. */
function reported(error: unknown, json: boolean) {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = report(error, { json });
  const err = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  write.mockRestore();
  return { code, err };
}

const outage = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test.each([
  ['failed', new CommandFailure('failed', 'no'), 1],
  ['no-match', new CommandFailure('no-match', 'none'), 2],
  ['stopped', new CommandFailure('stopped', 'half'), 3],
  ['usage', new CommandFailure('usage', 'wrong', 'Usage: x'), 64],
  ['unavailable', outage, 69],
  ['failed', new Error('anything else'), 1],
])('%s is reported as one line, or one JSON object, with its exit code', (code, error, exitCode) => {
  const { message } = error;
  expect(reported(error, false)).toMatchObject({ code: exitCode, err: expect.stringMatching(`^${message}\n`) });
  const { err, ...asJson } = reported(error, true);
  expect(asJson).toEqual({ code: exitCode });
  expect(JSON.parse(err)).toMatchObject({ error: { code, message, exitCode } });
  expect(exitCodes[code as keyof typeof exitCodes]).toBe(exitCode);
});

test.each([['dql'], ['dlq'], ['dlq list --quee x'], ['order show'], ['run everything'], ['carrier x lost']])(
  'wrong arguments are JSON as well: %s --json',
  async (line) => {
    const args = [...line.split(' '), '--json'];
    const error: unknown = await createProgram()
      .parseAsync(args, { from: 'user' })
      .catch((one: unknown) => one);
    const { err } = reported(error, asksForJson(args));
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'usage', exitCode: 64, usage: expect.stringContaining('Usage: sagaworks') },
    });
  },
);

test('--json after -- is a value, not the option', () => {
  expect(asksForJson(['help', '--', '--json'])).toBe(false);
});
