import type { Family } from "../../lambda/contract/address.ts";
import type { SettingValues } from "../config/settings.ts";
import type { Trigger } from "../job.ts";
import { answerDeadline, checkSource, type Responder } from "./check.ts";
import { type Detection, detect, detectThoroughly, judge, type Source } from "./detect.ts";
import { detectionsOfGiven } from "./given-address.ts";
import { hookSource, interfaceSource } from "./interface.ts";
import { readAddresses, readDefaultInterface } from "./kernel.ts";

export interface DetectOptions {
  readonly settings: SettingValues;
  readonly trigger: Trigger;
  readonly signal: AbortSignal;
  /** Ask every source and every echo service, for a person who wants to see them all. */
  readonly isThorough: boolean;
  /** Ask the kernel and the hook, and nobody outside. */
  readonly isLocal?: boolean;
  /** Waits for a clock that can be right: with a wrong one, no certificate is valid. */
  readonly untilClockValid: () => Promise<boolean>;
}

/** What is known of each family; each is learnt by itself, so that one's failure is not the other's. */
export async function detectAll(options: DetectOptions): Promise<readonly Detection[]> {
  const { settings, trigger, signal, isThorough } = options;
  if (trigger.kind === "given") return detectionsOfGiven(trigger.addresses);
  const ask = isThorough ? detectThoroughly : detect;
  return Promise.all(
    (settings.families ?? []).map((family) => ask(family, createSources(family, options), signal)),
  );
}

/** In the place of whoever is not asked. */
const silentSource: Source = {
  name: "check",
  ask: async () => ({ from: "check", state: "unavailable", reason: "not asked", answers: [] }),
};

/** The sources of a family, in the order in which they are asked. */
function createSources(family: Family, options: DetectOptions): readonly Source[] {
  const { settings, trigger, isThorough } = options;
  const { interface: name, "ipv6.select": selection, check_urls: urls = [] } = settings;
  const create: Readonly<Record<string, () => Source | undefined>> = {
    hook: () => {
      if (trigger.kind !== "hook") return undefined;
      // A hook of another interface than the configured one only wakes.
      if (name !== undefined && name !== trigger.interface) return undefined;
      return hookSource({ ...trigger, isChosen: name !== undefined }, selection);
    },
    interface: () => interfaceSource(name, selection),
    check: () => {
      if (options.isLocal) return silentSource;
      const quorum = settings.quorum ?? Math.floor(urls.length / 2) + 1;
      return checkSource(createResponders(options), { quorum, isThorough });
    },
  };
  const names = settings[`${family}.sources`] ?? [];
  return names.map((sourceName) => create[sourceName]?.()).filter((source) => source !== undefined);
}

function createResponders({ settings, untilClockValid }: DetectOptions): readonly Responder[] {
  return (settings.check_urls ?? []).map((url): Responder => {
    return async (family, signal) => {
      if (url.protocol !== "dns:") await untilClockValid();
      const localAddress = boundAddress(settings, family);
      if (settings.bind_to_interface && localAddress === undefined) {
        // Asked by another way out, they would tell the address of that.
        const reason = `bind_to_interface: the interface has no ${family} address to ask from`;
        return { from: url.host, state: "unavailable", reason };
      }
      // The time begins here: the clock may have taken minutes.
      const options = { signal: answerDeadline(signal), localAddress };
      // Loaded when asked: an address that the kernel or a person gives needs no client of any kind.
      if (url.protocol === "dns:") return (await import("./dns-echo.ts")).askDnsEcho(url, family, options);
      return (await import("./http-echo.ts")).askHttpEcho(url, family, options);
    };
  });
}

/** The address that everything is sent from, where the settings ask for that of the interface. */
export function boundAddress(settings: SettingValues, family: Family): string | undefined {
  if (!settings.bind_to_interface) return undefined;
  const name = settings.interface ?? readDefaultInterface(family);
  const addresses = name === undefined ? [] : (readAddresses(name, family, settings["ipv6.select"]) ?? []);
  // Nothing can be sent to the Internet from a link-local address.
  return (
    addresses.find((address) => judge("", address, family).state === "known") ?? addresses.find(isRoutable)
  );
}

const isRoutable = (address: string) => !/^(?:fe80:|169\.254\.)/.test(address);
