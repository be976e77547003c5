import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** What makes the context travel through workflows; it must also be there when a history is replayed. */
const workflowInterceptorModules = [require.resolve('./workflow-interceptor')];

const bundles = new Map<string, Promise<WorkflowBundleWithSourceMap>>();

/** The workflows that `workflowsPath` exports, as a worker loads them; built once in a process, in some seconds. */
export function bundleWorkflows(workflowsPath: string): Promise<WorkflowBundleWithSourceMap> {
  const built =
    bundles.get(workflowsPath) ??
    bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: new DefaultLogger('ERROR') });
  bundles.set(workflowsPath, built);
  return built;
}
