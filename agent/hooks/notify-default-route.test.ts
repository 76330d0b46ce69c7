// Which events count where nobody has said which interface does.
import { assert, describe } from "../../scripts/describe.ts";
import { lacks, shells, until } from "../../scripts/fixtures/hook-folder.ts";
import { prepareNotify } from "../../scripts/fixtures/notify-script.ts";

const DEFAULT_V6 = `${"0".repeat(32)} 00 ${"0".repeat(32)} 00 ${"fe80".padEnd(32, "0")} 00000400 00000001 00000000`;
const route = (name: string, destination: string, mask: string) =>
  `${name}\t${destination}\t0104A8C0\t0003\t0\t0\t0\t${mask}\t0\t0\t0\n`;
const isDefault = (name: string) => route(name, "00000000", "00000000");
type Case = readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  starts: number,
];
const cases: readonly Case[] = [
  ["another has the default route", { "proc/route": isDefault("wan0") }, ["eth1", "1.2.3.4"], 0],
  ["it has it", { "proc/route": isDefault("wan0") }, ["wan0"], 1],
  ["both have it", { "proc/route": isDefault("wan0") + isDefault("eth1") }, ["eth1"], 1],
  ["nobody has it yet", { "proc/route": route("eth1", "0004A8C0", "00FFFFFF") }, ["eth1"], 1],
  ["half of it is elsewhere", { "proc/route": route("tun0", "00000000", "00000080") }, ["eth1"], 1],
  ["it leads nowhere", { "proc/route": isDefault("*") }, ["eth1"], 1],
  [
    "it has that of IPv6",
    { "proc/route": isDefault("wan0"), "proc/ipv6_route": `${DEFAULT_V6} 00450003 wan6\n` },
    ["wan6"],
    1,
  ],
  ["another has that of IPv6", { "proc/ipv6_route": `${DEFAULT_V6} 00450003 wan6\n` }, ["eth1"], 0],
  ["that of IPv6 leads nowhere", { "proc/ipv6_route": `${DEFAULT_V6} 00200200       lo\n` }, ["eth1"], 1],
  ["it is no event of an interface", { "proc/route": isDefault("wan0") }, [""], 1],
  [
    "the configuration names interfaces",
    { "proc/route": isDefault("wan0"), config: "x = 1\ninterface = 'eth1'" },
    ["eth1"],
    1,
  ],
  ["there is no configuration to ask", { "proc/route": isDefault("wan0"), config: "" }, ["eth1"], 1],
];

for (const shell of shells) {
  const missing = lacks(shell);
  describe(`notify without --interface, run by ${shell.join(" ")}`, (test) => {
    for (const [what, files, args, starts] of cases) {
      test.unless(missing, `makes ${starts} starts where ${what}`, async () => {
        const { run, started, folder, endSecond } = prepareNotify(shell);
        endSecond();
        for (const [name, text] of Object.entries({ config: "domains = []\n", ...files }))
          folder.write(name, text);
        if (files.config === "") folder.remove("config");
        await run(...args);
        // For whatever, and so it tells that the other has come to nothing.
        await run("");
        await started(starts + 1);
        const [first = []] = folder.starts();
        assert.equal(first[0], starts === 0 || args[0] === "" ? "update" : "notify");
      });
    }

    test.unless(missing, "makes a start where the default route comes after the address", async () => {
      const { run, started, folder, endSecond, readIf } = prepareNotify(shell);
      folder.write("config", "domains = []\n");
      folder.write("proc/route", isDefault("lte0"));
      const running = run("wan0", "1.2.3.4");
      await until("a nap", () => readIf("naps", /\n/));
      folder.write("proc/route", isDefault("wan0") + isDefault("lte0"));
      endSecond();
      await running;
      await started(1);
    });
  });
}
