import { parseCommandLine } from "./command-line.ts";
import { createJob, type Job } from "./job.ts";
import type { HandedRequest } from "./lock/instance.ts";
import type { Log } from "./log.ts";

/**
 * The job that another process would have had, from its own arguments, variables and working directory.
 * @throws {ExpectedFailure} 64, 65 or 78
 */
export function createHandedJob({ argv, environment, directory }: HandedRequest, log: Log): Job {
  const ours = process.cwd();
  try {
    process.chdir(directory);
    return createJob(parseCommandLine(argv).given, environment, log);
  } finally {
    process.chdir(ours);
  }
}
