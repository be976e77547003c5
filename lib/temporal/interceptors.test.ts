import { expect, test } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { platformError } from '../errors/errors';
import { StepRefused } from '../saga/steps';
import { toFailure } from './interceptors';

test('a refusal is not retried, has its code as type, and raises no alarm', () => {
  const failure = toFailure(platformError('conflict', 'TEA-1: 5 wanted, 2 available'), 1);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: 'conflict',
    message: 'TEA-1: 5 wanted, 2 available',
    nonRetryable: true,
    category: 'BENIGN',
    details: [{ attempt: 1 }],
  });
});

test('a refused step is not retried, has its code as type, and raises no alarm', () => {
  expect(toFailure(new StepRefused('out-of-paper', 'No paper'), 2)).toMatchObject({
    type: 'out-of-paper',
    message: 'No paper',
    nonRetryable: true,
    category: 'BENIGN',
    details: [{ attempt: 2 }],
  });
});

test('outages and unexpected errors are retried', () => {
  expect(toFailure(platformError('unavailable', 'no answer'), 3)).toMatchObject({
    type: 'unavailable',
    nonRetryable: false,
  });
  expect(toFailure(new TypeError('x is undefined'), 1)).toMatchObject({ type: 'internal', nonRetryable: false });
});

test('failures of Temporal itself pass unchanged', () => {
  const cancelled = new CancelledFailure('cancelled');
  expect(toFailure(cancelled, 1)).toBe(cancelled);
});
