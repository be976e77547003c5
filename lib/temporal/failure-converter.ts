import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts messages and stacks of failures into a payload, which the codec encrypts; the history then says only "Encoded failure".
 * The SDK loads this module by its path, in workers, in clients and in the bundle of workflows.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
