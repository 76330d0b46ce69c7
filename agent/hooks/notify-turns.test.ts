// How many starts are made of many events.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { lacks, shells, until } from "../../scripts/fixtures/hook-folder.ts";
import { noFlock, notified, prepareNotify } from "../../scripts/fixtures/notify-script.ts";

const noMount = spawnSync("unshare", ["--mount", "true"]).status === 0 ? undefined : "only root can mount";

function isRunning(pid: string): boolean {
  try {
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

for (const shell of shells) {
  const missing = lacks(shell);
  describe(`notify run many times by ${shell.join(" ")}`, (test) => {
    test.unless(
      missing ?? noFlock,
      "makes two starts of fifty events, the last after the last event",
      async () => {
        const { run, started, folder, endSecond, readIf } = prepareNotify(shell);
        const first = run("wan0", "1.2.3.4");
        await started(1);
        const rest = Array.from({ length: 49 }, (_, index) => {
          folder.write("kernel", `1.2.3.${index}\n`);
          return run("wan0", `1.2.3.${index}`);
        });
        // All but the one that waits come to an end, while the second lasts.
        let ended = 0;
        for (const each of rest)
          void each.then(() => {
            ended += 1;
          });
        await until("48 ends", () => ended === 48);
        folder.write("kernel", "9.9.9.9\n");
        assert.is((await run("wan0", "9.9.9.9")).exitCode, 0);
        assert.is(folder.starts().length, 1);
        endSecond();
        await Promise.all([first, ...rest]);
        await started(2);
        assert.equal(folder.starts(), [notified("wan0", "1.2.3.4"), notified("wan0", "9.9.9.9")]);
        await until("what the last start has read", () => readIf("read", /(?:^|\n)9\.9\.9\.9\n$/));
      },
    );

    test.unless(missing ?? noFlock, "makes one start at a time, of however many interfaces", async () => {
      const { run, started, folder, endSecond } = prepareNotify(shell);
      const first = run("wan0", "1.2.3.4");
      await started(1);
      const rest = ["wan1", "wan0", "", "wan2", "wan1"].map((name) => run(name, "5.6.7.8"));
      let ended = 0;
      for (const each of rest)
        void each.then(() => {
          ended += 1;
        });
      // All but the one that waits, for all of them.
      await until("4 ends", () => ended === 4);
      assert.is(folder.starts().length, 1);
      endSecond();
      await Promise.all([first, ...rest]);
      await started(5);
      assert.equal(
        folder
          .starts()
          .slice(1)
          .map((words) => words.at(-2) ?? "")
          .sort(),
        ["--deadline", "wan0", "wan1", "wan2"],
      );
    });

    test.unless(missing, "lets the next one begin when a start has ended, after a second", async () => {
      const { run, folder, endSecond, readIf } = prepareNotify(shell);
      const first = run("wan0", "1.2.3.4");
      const around = await until("the agent", () => readIf("around", /\) \w /));
      // The shell that waits for it, which ends after it.
      const [, parent = ""] = /^\d+ \(.*\) \w (\d+) /m.exec(around) ?? [];
      await until("its end", () => !isRunning(parent));
      endSecond();
      await first;
      assert.is(folder.read("naps"), "\n");
    });

    test.unless(missing ?? noMount, "starts the agent where the memory is full", async () => {
      const { run, started, folder, endSecond } = prepareNotify(shell);
      const memory = join(folder.path, "memory");
      mkdirSync(memory);
      const fill = 'mount -t tmpfs -o size=64k full "$0" && { head -c 1M /dev/zero >"$0/filled" || :; }';
      assert.is(spawnSync("sh", ["-c", fill, memory], { stdio: "ignore" }).status, 0);
      try {
        endSecond();
        for (const count of [1, 2]) {
          assert.is((await run("wan0", "1.2.3.4")).exitCode, 0);
          await started(count);
        }
        assert.equal(readdirSync(memory), ["filled"]);
      } finally {
        spawnSync("umount", [memory]);
      }
    });

    test.unless(missing, "is not held up by a start that lasts", async () => {
      const { run, started, folder, endSecond } = prepareNotify(shell);
      folder.write(
        "agent",
        `${folder.read("agent")}\nwhile [ -d ${folder.path} ] && [ ! -e ${folder.path}/over ]; do /bin/sleep 0.02; done\n`,
      );
      endSecond();
      await run("wan0", "1.2.3.4");
      // So long, it has the device for itself.
      assert.is(folder.read("naps").length, 3);
      await run("wan0", "5.6.7.8");
      await started(2);
      folder.makeDirectory("over");
    });
  });
}
