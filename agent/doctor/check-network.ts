import type { Family } from "../../lambda/contract/address.ts";
import type { Fqdn } from "../../lambda/contract/fqdn.ts";
import type { SettingValues } from "../config/settings.ts";
import type { Detection } from "../detect/detect.ts";
import { readAddresses, readDefaultInterface } from "../detect/kernel.ts";
import { detectAll } from "../detect/sources.ts";
import { plan, type Step } from "../publish/plan.ts";
import { emptyState, type State, stateKey } from "../state/state.ts";
import { compare, type Evidence } from "../verify/agreement.ts";
import { askNameServers } from "../verify/ask-name-servers.ts";
import type { NameAndFamily } from "../verify/authoritative-answer.ts";
import { type Authority, findAuthority } from "../verify/authority.ts";
import type { Check } from "./check-device.ts";
import { type Diagnosis, unknown } from "./diagnosis.ts";
import { judgeAuthoritative, judgeDetection, judgeNat, type NatFacts } from "./judge-network.ts";

/** The name of the source that asks the echo services. */
const CHECK_SOURCE = "check";

export interface NetworkCheckOptions {
  readonly settings: SettingValues;
  readonly state: State;
  readonly signal: AbortSignal;
}

/** What the Internet sees of this network. The sources are asked once for all. */
export function networkChecks(options: NetworkCheckOptions): readonly Check[] {
  const { settings, signal } = options;
  const detected = detectAll({
    settings,
    trigger: { kind: "asked" },
    signal,
    isThorough: true,
    untilClockValid: async () => true,
  });
  return [
    { name: "detection", run: async () => (await detected).flatMap(judgeDetection) },
    {
      name: "NAT",
      async run() {
        const detections = await detected;
        return detections.map(({ family }) => judgeNat(natFacts(family, settings, detections)));
      },
    },
    { name: "authoritative answer", run: async () => checkNames(await detected, options) },
  ];
}

function natFacts(family: Family, settings: SettingValues, detections: readonly Detection[]): NatFacts {
  const interfaceName = settings.interface ?? readDefaultInterface(family);
  const addressesOf = (name: string | undefined, of: Family) =>
    name === undefined ? [] : (readAddresses(name, of, settings["ipv6.select"]) ?? []);
  const findings = detections.flatMap((detection) =>
    detection.state !== "absent" && detection.family === family ? detection.findings : [],
  );
  const echo = findings.find(({ from }) => from === CHECK_SOURCE);
  return {
    family,
    interfaceName,
    interfaceAddresses: addressesOf(interfaceName, family),
    echoed: echo?.state === "known" ? echo.address.text : undefined,
    hasIpv6: detections.some(({ family: one, state }) => one === "ipv6" && state === "known"),
  };
}

async function checkNames(
  detections: readonly Detection[],
  { settings, state, signal }: NetworkCheckOptions,
): Promise<readonly Diagnosis[]> {
  const options = { state: emptyState, nowMs: 0, isForced: true, pendingMaxAgeMs: 0 };
  const subjects = plan(settings.domains ?? [], detections, options).map(subjectOf);
  if (subjects.length === 0) {
    const found = "could not confirm: no name to ask for is known";
    return [unknown({ check: "authoritative answer", found, fix: "mend the configuration first" })];
  }
  const searches = new Map<Fqdn, Promise<Authority>>();
  for (const { fqdn } of subjects) {
    if (!searches.has(fqdn))
      searches.set(fqdn, findAuthority(fqdn, { signal, nameServers: settings.name_servers }));
  }
  return Promise.all(
    subjects.map(async (subject) => {
      const authority = (await searches.get(subject.fqdn)) as Authority;
      const served =
        authority.state === "known" ? await askNameServers(authority.servers, subject, signal) : authority;
      const published = state.published.get(stateKey(subject.fqdn, subject.family));
      return judgeAuthoritative(compare({ ...subject, published, served }), authority);
    }),
  );
}

function subjectOf(step: Step): NameAndFamily & Pick<Evidence, "wanted"> {
  if (step.action === "publish") {
    const { fqdn, address } = step;
    return { fqdn, family: address.family, wanted: { state: "known", address } };
  }
  const { fqdn, family, outcome } = step.outcome;
  const reason = `no ${family} address to compare with (${outcome})`;
  return { fqdn, family, wanted: { state: "unavailable", reason } };
}
