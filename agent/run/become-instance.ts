import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { acquireInstance, type Instance } from "../lock/instance.ts";
import type { Log } from "../log.ts";
import { systemClock } from "../system-clock.ts";

const ASK_AGAIN_MS = 500;

/**
 * Becomes the process at work on a state directory, after waiting while another is at work for a moment.
 * @returns undefined where it was stopped meanwhile
 * @throws {ExpectedFailure} 75 where another one stays at work
 */
export async function becomeInstance(
  directory: string,
  stop: AbortSignal,
  log: Log,
): Promise<Instance | undefined> {
  for (let isFirst = true; !stop.aborted; isFirst = false) {
    const acquired = await acquireInstance(directory, undefined);
    if (acquired.state === "acquired") {
      if (acquired.problem) log.warn(acquired.problem);
      return acquired.instance;
    }
    const { pid, isLoop } = acquired;
    if (isLoop) {
      const message = `${directory}: another update-route53 run is at work on it, process ${pid}`;
      throw new ExpectedFailure(exitCode.tryAgain, message);
    }
    if (isFirst) log.info(`waiting for the update-route53 that is at work, process ${pid}`);
    await systemClock.sleep(ASK_AGAIN_MS, stop);
  }
  return undefined;
}
