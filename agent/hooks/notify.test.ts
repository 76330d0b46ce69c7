import { readFileSync } from "node:fs";
import { assert, describe } from "../../scripts/describe.ts";
import { hostileTexts, lacks, shells, until } from "../../scripts/fixtures/hook-folder.ts";
import { hasOwn, notified, prepareNotify } from "../../scripts/fixtures/notify-script.ts";

type Case = readonly [args: readonly string[], told: readonly string[] | undefined, interfaces?: string];

for (const shell of shells) {
  const missing = lacks(shell);
  // Such as busybox: its logger cannot be another one.
  const hasOwnLogger = missing === undefined && hasOwn(shell, "logger");
  describe(`notify run by ${shell.join(" ")}`, (test) => {
    const cases: readonly Case[] = [
      [["wan0"], notified("wan0")],
      [["wan0", "1.2.3.4"], notified("wan0", "1.2.3.4")],
      [["wan0", "2a00::1", "renewal"], notified("wan0", "2a00::1")],
      [["eth0:1"], notified("eth0")],
      [["br-lan.2"], notified("br-lan.2")],
      [["wan0", "1.2.3.4; reboot"], notified("wan0")],
      [["wan0", `1${"2".repeat(45)}`], notified("wan0")],
      [[""], ["update", "--log", "plain", "--deadline", "600"]],
      [[], ["update", "--log", "plain", "--deadline", "600"]],
      [["lo", "127.0.0.1"], undefined],
      [["sixteen-letters-"], undefined],
      ...hostileTexts.map((text): Case => [[text], undefined]),
      ...hostileTexts.map((text): Case => [["wan0", text, text, text], notified("wan0")]),
      [["wan0"], notified("wan0"), "wan wan0"],
      [["eth1", "", "", "wan"], notified("eth1"), "wan wan6"],
      [["eth1", "", "", "lan"], undefined, "wan wan6"],
      [["wan"], undefined, "wan0 wan6"],
      [[""], ["update", "--log", "plain", "--deadline", "600"], "wan"],
    ];
    for (const [args, told, interfaces = ""] of cases) {
      test.unless(missing, `makes the right start of ${JSON.stringify([...args, interfaces])}`, async () => {
        const { run, started, folder, exists, endSecond } = prepareNotify(shell, { interfaces });
        endSecond();
        const { exitCode, output } = await run(...args);
        assert.equal({ exitCode, output }, { exitCode: 0, output: "" });
        if (told) await started(1);
        // Written before any start.
        else assert.is(exists("memory"), false);
        assert.equal(folder.starts(), told ? [told] : []);
      });
    }

    test.unless(missing, "starts the agent in a session of its own, with nothing of the daemon", async () => {
      const { run, folder, endSecond, readIf } = prepareNotify(shell);
      const running = run("wan0");
      const around = await until("the agent", () => readIf("around", /\) \w /));
      const [place, ...rest] = around.trim().split("\n");
      const stat = rest.pop() ?? "";
      assert.is(place, "/ 0022");
      assert.match(folder.read("descriptors"), /^0\n(?:1\d\n)*1\n/);
      assert.not.match(folder.read("descriptors"), /^[3-9]$/m);
      // Shells set the others by themselves.
      const variables = rest.map((line) => line.split("=")[0] ?? "");
      assert.equal(variables.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name)).sort(), [
        "LC_ALL",
        "PATH",
      ]);
      const session = Number(stat.split(") ")[1]?.split(" ")[3]);
      const own = Number(readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ")[3]);
      assert.ok(session > 1 && session !== own, stat);
      endSecond();
      await (await running).allEnded;
    });

    test.unless(missing, "starts nothing for a renewal that brings nothing new", async () => {
      const { run, started, folder, endSecond, readIf } = prepareNotify(shell);
      endSecond();
      const known = () => until("a memory", () => readIf("memory/wan0.known", /\n.*\n/));
      const renewed = async (count: number, ...args: string[]) => {
        await run("wan0", ...args);
        await started(count);
        assert.is(folder.starts().length, count, args.join(" "));
      };
      await renewed(1, "1.2.3.4", "renewal");
      assert.is(await known(), "1.2.3.4\n\n");
      await renewed(1, "1.2.3.4", "renewal");
      await renewed(2, "1.2.3.4");
      await known();
      await renewed(3, "5.6.7.8", "renewal");
      assert.is(await known(), "5.6.7.8\n\n");
      // Not to be judged without any address.
      await renewed(4, "", "renewal");
      await known();
      const address = (digit: string, flags: string) =>
        `20010db800000000000000000000000${digit} 02 40 00 ${flags}     wan0\n`;
      const other =
        "fe800000000000000000000000000001 02 40 20 80     wan0\n20010db8000000000000000000000009 03 40 00 80     lan0\n";
      for (const [text, count] of [
        [other, 4],
        [other + address("1", "40"), 5],
        [other + address("1", "00"), 6],
      ] as const) {
        folder.write("proc/if_inet6", text);
        await renewed(count, "5.6.7.8", "renewal");
        await known();
        await renewed(count, "5.6.7.8", "renewal");
        if (count > 4) await renewed(count, "", "renewal");
      }
    });

    const testOfLogger: typeof test.unless = (...args) => hasOwnLogger || test.unless(...args);

    testOfLogger(missing, "remembers nothing of a start that fails", async () => {
      const { run, started, folder, exists, endSecond, readIf } = prepareNotify(shell, { loggerHelp: "" });
      endSecond();
      await run("wan0", "1.2.3.4", "renewal");
      await until("a memory", () => exists("memory/wan0.known"));
      folder.makeDirectory("fails");
      // The third as before the second: what was known then is not known any more.
      for (const [count, address] of [
        [2, "5.6.7.8"],
        [3, "1.2.3.4"],
      ] as const) {
        await run("wan0", address, "renewal");
        await started(count);
        // Written after the end of the agent, before the logger ends.
        await until("the log", () => readIf("log", new RegExp(`(?:said this[^]*){${count}}`)));
        assert.is(exists("memory/wan0.known"), false);
      }
    });

    for (const without of [["setsid"], ["flock"], ["setsid", "flock"]]) {
      test.unless(missing, `does without ${without.join(" and ")}`, async () => {
        const { run, started, folder, endSecond } = prepareNotify(shell, { without });
        endSecond();
        await run("wan0", "1.2.3.4");
        await started(1);
        assert.equal(folder.starts(), [notified("wan0", "1.2.3.4")]);
      });
    }

    for (const [loggerHelp, format, words] of [
      [" --prio-prefix  look for a prefix", "syslog", "--prio-prefix -t update-route53"],
      ["Usage: logger [-s] [-t TAG]", "plain", "-t update-route53"],
    ] as const) {
      testOfLogger(missing, `logs as logger knows: ${format}`, async () => {
        const { run, folder, endSecond, readIf } = prepareNotify(shell, { loggerHelp });
        endSecond();
        await run("wan0");
        assert.is(await until("a log", () => readIf("log", /said/)), `${words}\nsaid this\n`);
        assert.equal(folder.starts(), [["notify", "--log", format, "--confirm", "wan0"]]);
      });
    }

    test.unless(missing, "starts the agent where nothing can be remembered", async () => {
      const { run, started, folder, endSecond } = prepareNotify(shell);
      endSecond();
      folder.write("memory", "");
      for (const count of [1, 2]) {
        assert.is((await run("wan0", "1.2.3.4", "renewal")).exitCode, 0);
        await started(count);
      }
    });

    test.unless(missing, "does nothing where the agent is gone", async () => {
      const { run, folder, exists } = prepareNotify(shell);
      folder.remove("agent");
      const { exitCode, output } = await run("wan0", "1.2.3.4");
      assert.equal({ exitCode, output, made: exists("memory") }, { exitCode: 0, output: "", made: false });
    });
  });
}
