import { networkInterfaces } from "node:os";
import { type Answer, type Finding, judge, type Source } from "./detect.ts";

/** The source that reads the addresses of a named interface from the kernel. */
export function interfaceSource(name: string): Source {
  return {
    name: "interface",
    ask: async (family) => {
      const wanted = family === "ipv4" ? "IPv4" : "IPv6";
      const addresses = networkInterfaces()[name];
      if (addresses === undefined) return nothing(`there is no interface ${name} with an address`, []);
      const ofFamily = addresses.filter((address) => address.family === wanted);
      const answers = ofFamily.map(({ address }) => judge(name, address, family));
      const known = answers.find((answer) => answer.state === "known");
      if (known) return { ...known, from: `interface ${name}`, answers };
      const reasons = answers.map((answer) => (answer.state === "unavailable" ? answer.reason : ""));
      return nothing(reasons.join("; ") || `it has no ${family} address`, answers);
    },
  };

  function nothing(reason: string, answers: readonly Answer[]): Finding {
    return { from: `interface ${name}`, state: "unavailable", reason, answers };
  }
}
