import { runCommand } from '../../infra/local/commands';
import { UserError } from '../../infra/local/steps';

/** Runs a program to its end. @returns its standard output. @throws Error with everything it wrote when it fails. */
export async function run(program: string, args: readonly string[], timeoutMs = 300_000): Promise<string> {
  const { ok, out, all } = await runCommand(program, args, { timeoutMs });
  if (!ok) throw new Error(`${program} ${args.join(' ')} failed:\n${all.slice(-4_000)}`);
  return out;
}

/** Whether a program succeeds. */
export const succeeds = async (program: string, args: readonly string[]): Promise<boolean> =>
  (await runCommand(program, args, { timeoutMs: 60_000 })).ok;

/** @throws UserError with what a person has to install or start. */
export async function requirePrograms(): Promise<void> {
  const needed = { docker: ['version'], helm: ['version'], kubectl: ['version'] };
  for (const [program, args] of Object.entries(needed)) {
    const { ok, tail } = await runCommand(program, args, { timeoutMs: 30_000 });
    if (!ok)
      throw new UserError(`${program} ${args.join(' ')} fails: ${tail}`, `install ${program}, and start a cluster`);
  }
}
