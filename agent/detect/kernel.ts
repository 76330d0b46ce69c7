import { readFileSync } from "node:fs";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { Family } from "../../lambda/contract/address.ts";
import type { Ipv6Selection } from "../config/value-kinds.ts";
import { ipv4DefaultInterface, ipv6DefaultInterface } from "./default-route.ts";
import { parseIfInet6, selectIpv6 } from "./if-inet6.ts";

/**
 * The addresses of one family that the kernel has on an interface and that could be published as far as it
 * knows, the best one first. Undefined where the interface is not there, or cannot be read.
 */
export function readAddresses(
  name: string,
  family: Family,
  selection: Ipv6Selection | undefined,
): readonly string[] | undefined {
  const addresses = readInterface(name);
  if (addresses === undefined) return undefined;
  if (family === "ipv4")
    return addresses.filter((address) => address.family === "IPv4").map(({ address }) => address);
  const text = readProc("if_inet6");
  // Elsewhere than on Linux, nothing tells which addresses are temporary.
  if (text === undefined)
    return addresses.filter((address) => address.family === "IPv6").map(({ address }) => address);
  return selectIpv6(
    parseIfInet6(text).filter((address) => address.name === name),
    selection,
  );
}

/** The interface that holds the default route of the family; undefined where there is none. */
export function readDefaultInterface(family: Family): string | undefined {
  const text = readProc(family === "ipv4" ? "route" : "ipv6_route");
  if (text === undefined) return undefined;
  return family === "ipv4" ? ipv4DefaultInterface(text) : ipv6DefaultInterface(text);
}

/** Node knows only the interfaces that have an address; one without has been read all the same. */
function readInterface(name: string): readonly NetworkInterfaceInfo[] | undefined {
  try {
    const isThere = (readProc("dev") ?? "").split("\n").some((line) => line.trim().startsWith(`${name}:`));
    return networkInterfaces()[name] ?? (isThere ? [] : undefined);
  } catch {
    // Some systems do not tell a process without rights.
    return undefined;
  }
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/net/${name}`, "utf8");
  } catch {
    return undefined;
  }
}
