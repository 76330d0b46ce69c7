import { spawnSync } from "node:child_process";

const INSIDE = "NETWORK_OF_ITS_OWN";
const isInside = process.env[INSIDE] === "yes";
const isPossible = isInside || spawnSync("unshare", ["--net", "ip", "link"]).status === 0;

/** Why a test cannot have a network of its own; undefined where it can. */
export const whyNoNetwork = isPossible ? undefined : "only root can make a network, by unshare and ip";

/**
 * Runs a test file again in a network of its own, where interfaces may have any address and route.
 * @param setup commands of a shell that make the network
 * @returns whether it has run there, so that there is nothing left to do here
 */
export function hasRunInOwnNetwork(setup: string, filename: string): boolean {
  if (!isPossible || isInside) return false;
  const words = ["--net", "sh", "-c", `${setup}\nexec "$@"`, "sh", process.execPath, filename];
  const env = { ...process.env, [INSIDE]: "yes" };
  process.exitCode = spawnSync("unshare", words, { stdio: "inherit", env }).status ?? 1;
  return true;
}
