import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Propagates the context through workflows; replaying a history needs it as well. */
const workflowInterceptorModules = [require.resolve('./workflow-interceptor')];

const bundles = new Map<string, Promise<WorkflowBundleWithSourceMap>>();

/** The bundle of the workflows that `workflowsPath` exports; built once per process, which takes a few seconds. */
export function bundleWorkflows(workflowsPath: string): Promise<WorkflowBundleWithSourceMap> {
  const built =
    bundles.get(workflowsPath) ??
    bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: new DefaultLogger('ERROR') });
  bundles.set(workflowsPath, built);
  return built;
}
