// Which events count where nobody has said which interface does. Runs itself again in a network of its own.
import { execFileSync } from "node:child_process";
import { lacks, shells, until } from "../../scripts/fixtures/hook-folder.ts";
import { prepareNotify } from "../../scripts/fixtures/notify-script.ts";
import { hasRunInOwnNetwork, whyNoNetwork } from "../../scripts/fixtures/own-network.ts";

const SETUP = `
ip link set lo up
for name in wan0 eth1 lte0; do ip link add $name type veth peer name peer-$name; ip link set peer-$name up; ip link set $name up; done
ip addr add 1.2.3.4/24 dev wan0
ip addr add 1.2.4.4/24 dev eth1
ip addr add 1.2.5.4/24 dev lte0`;
const CLEAR = `for table in main 77; do for family in 4 6; do
ip -$family route flush table $table root default 2>/dev/null; done; done
ip addr flush dev eth1 scope global; ip addr add 1.2.4.4/24 dev eth1; ip addr flush dev wan0 scope global; ip addr add 1.2.3.4/24 dev wan0; ip addr flush dev lte0 scope global; ip addr add 1.2.5.4/24 dev lte0`;

const sh = (script: string) => execFileSync("sh", ["-c", script]);
const WAN0 = "ip route add default via 1.2.3.1";

interface Case {
  readonly what: string;
  readonly routes: string;
  readonly name?: string;
  readonly config?: string;
  readonly starts: 0 | 1;
}
const cases: readonly Case[] = [
  { what: "another has the default route", routes: WAN0, starts: 0 },
  { what: "it has the default route", routes: WAN0, name: "wan0", starts: 1 },
  {
    what: "both have a default route",
    routes: `${WAN0}; ip route add default via 1.2.4.1 metric 9`,
    starts: 1,
  },
  { what: "nobody has one yet", routes: "ip route add 1.2.6.0/24 via 1.2.3.1", starts: 1 },
  {
    what: "it is one of several ways of the default route",
    routes: "ip route add default nexthop via 1.2.3.1 nexthop via 1.2.4.1",
    starts: 1,
  },
  {
    what: "it may be, and another has the default route of IPv6",
    routes: "ip route add default nexthop via 1.2.3.1 nexthop via 1.2.4.1; ip -6 route add default dev lte0",
    starts: 1,
  },
  {
    what: "it has half of all addresses",
    routes: `${WAN0}; ip route add 0.0.0.0/1 via 1.2.4.1; ip route add 128.0.0.0/1 via 1.2.4.1`,
    starts: 1,
  },
  {
    what: "it has the default route of another table",
    routes: `${WAN0}; ip route add default via 1.2.4.1 table 77`,
    starts: 1,
  },
  { what: "that leads nowhere", routes: "ip route add unreachable default", starts: 1 },
  { what: "it has that of IPv6", routes: `${WAN0}; ip -6 route add default dev eth1`, starts: 1 },
  { what: "another has that of IPv6", routes: "ip -6 route add default dev wan0", starts: 0 },
  { what: "that of IPv6 leads nowhere", routes: "ip -6 route add unreachable default", starts: 1 },
  { what: "it is no event of an interface", routes: WAN0, name: "", starts: 1 },
  {
    what: "the configuration names interfaces",
    routes: WAN0,
    config: "x = 1\ninterface = 'eth1'",
    starts: 1,
  },
  { what: "there is no configuration to ask", routes: WAN0, config: "", starts: 1 },
];

async function defineTests(shell: readonly string[]): Promise<void> {
  const { assert, describe } = await import("../../scripts/describe.ts");
  const missing = lacks(shell) ?? whyNoNetwork;
  describe(`notify without --interface, run by ${shell.join(" ")}`, (test) => {
    for (const { what, routes, name = "eth1", config = "domains = []\n", starts } of cases) {
      test.unless(missing, `makes ${starts} starts where ${what}`, async () => {
        sh(`${CLEAR}\n${routes}`);
        const { run, started, folder, endSecond } = prepareNotify(shell);
        endSecond();
        if (config !== "") folder.write("config", config);
        await run(name, "1.2.4.4");
        // For whatever, and so it tells that the other has come to nothing.
        await run("");
        await started(starts + 1);
        const [first = []] = folder.starts();
        assert.is(first[0], starts === 0 || name === "" ? "update" : "notify");
      });
    }

    test.unless(missing, "makes a start where the default route comes after the address", async () => {
      sh(`${CLEAR}\nip route add default via 1.2.5.1`);
      const { run, started, folder, endSecond, readIf } = prepareNotify(shell);
      folder.write("config", "domains = []\n");
      const running = run("wan0", "1.2.3.4");
      await until("a nap", () => readIf("naps", /\n/));
      sh("ip route add default via 1.2.3.1 metric 9");
      endSecond();
      await running;
      await started(1);
      // The address may be another by then.
      assert.equal(folder.starts()[0]?.at(-1), "wan0");
    });

    test.unless(missing, "makes a start where nothing can show the routes", async () => {
      sh(`${CLEAR}\n${WAN0}`);
      const { run, started, folder, endSecond } = prepareNotify(shell, { without: ["ip"] });
      folder.write("config", "domains = []\n");
      endSecond();
      await run("eth1");
      // The shell of busybox has it in itself.
      if (shell.includes("busybox")) assert.is(folder.read("naps"), "\n");
      else await started(1);
    });
  });
}

if (!hasRunInOwnNetwork(SETUP, import.meta.filename)) for (const shell of shells) await defineTests(shell);
