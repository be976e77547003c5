import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Propagates the context through workflows; replaying a history needs it as well. */
const workflowInterceptorModules = [require.resolve('./workflow-interceptor')];

/** Beside the file of a bundle made before, that of the same workflows for payloads that are encrypted. */
export const encryptedBundleOf = (bundlePath: string): string => bundlePath.replace(/(\.[cm]?js)?$/, '.encrypted$1');

const bundles = new Map<string, Promise<WorkflowBundleWithSourceMap>>();

/**
 * The bundle of the workflows that `workflowsPath` exports; built once per process, which takes a few seconds.
 * @param converter of the worker that runs them: its failure converter becomes a part of the bundle
 */
export function bundleWorkflows(
  workflowsPath: string,
  { failureConverterPath }: Pick<DataConverter, 'failureConverterPath'> = {},
): Promise<WorkflowBundleWithSourceMap> {
  const key = JSON.stringify([workflowsPath, failureConverterPath]);
  const built =
    bundles.get(key) ??
    bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules,
      logger: new DefaultLogger('ERROR'),
      ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    });
  bundles.set(key, built);
  return built;
}
