import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { AGENT, createRoot, install, listing, uninstall } from "../../scripts/fixtures/device-root.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";

const HOOK = "/etc/ppp/ip-up.d/zz-update-route53";
const NOTIFY = "/usr/lib/update-route53/notify";

describe("install and uninstall", (test) => {
  test("tell programs what became of each path", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    writeFileSync(join(root, HOOK), "mine");
    const { stdout } = await install(root, "--json");
    assert.equal(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
      [
        { program: AGENT },
        { path: NOTIFY, mechanism: "every hook", outcome: "installed" },
        { path: HOOK, mechanism: "pppd", outcome: "kept", reason: "somebody else wrote it" },
      ],
    );
  });

  test("leave nothing of what the hooks remember", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/", "/run/");
    const before = listing(root);
    await install(root);
    mkdirSync(join(root, "run/update-route53/hook"), { recursive: true });
    writeFileSync(join(root, "run/update-route53/hook/ppp0.known"), "1.2.3.4\n\n");
    await uninstall(root);
    assert.equal(listing(root), before);
  });

  test("say what to do next", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/", "/etc/ppp/ip-up.local", "/etc/udhcpc/default.script");
    rmSync(join(root, "etc/update-route53.toml"));
    rmSync(join(root, AGENT));
    const { stderr } = await install(root, "--daemon");
    assert.equal(stderr.trim().split("\n"), [
      "warning: /usr/bin/update-route53: there is no such file yet, which all of this starts",
      'warning: /etc/ppp/ip-up.local: pppd runs it in the place of /etc/ppp/ip-up.d; let it run /usr/lib/update-route53/notify "$1" "$4" in the background',
      "warning: udhcpc has no hooks here: start it with -s /usr/lib/update-route53/udhcpc",
      "warning: neither procd, systemd nor cron is here: an address that no hook tells of is not seen",
      "warning: --daemon: neither procd nor systemd is here, so that nothing starts update-route53 run",
      'next: write /etc/update-route53.toml, then say "update-route53 doctor"',
    ]);
  });

  test("refuse what they cannot use", async () => {
    const root = createRoot();
    const cases = [
      [["--root", join(root, "none")], `--root: expected a directory, found none at ${join(root, "none")}`],
      [
        ["--agent", "bin/agent"],
        '--agent: expected an absolute path of letters, digits and ._/+@-, got "bin/agent"',
      ],
      [
        ["--agent", "/a;reboot"],
        '--agent: expected an absolute path of letters, digits and ._/+@-, got "/a;reboot"',
      ],
      [
        ["--agent", AGENT, "--interface", "$(reboot)"],
        '--interface: expected names of interfaces, got "$(reboot)"',
      ],
      [[], "--agent: expected the path of the program, found none, and this is Node with its source"],
    ] as const;
    for (const [args, message] of cases) {
      const { exitCode, stderr } = await runAgent([
        "install",
        "--dry-run",
        ...(args[0] === "--root" ? [] : ["--root", root]),
        ...args,
      ]);
      assert.equal({ exitCode, stderr }, { exitCode: 64, stderr: `update-route53: ${message}\n` });
    }
  });

  const isRoot = process.getuid?.() === 0;
  const noMount = spawnSync("unshare", ["--mount", "true"]).status === 0 ? undefined : "only root can mount";
  test.unless(noMount, "say what stands in the way of a read-only device, and change nothing", () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    const before = listing(root);
    const script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
    const words = [
      "--mount",
      "sh",
      "-c",
      script,
      "sh",
      root,
      process.execPath,
      "agent/main.ts",
      "install",
      "--root",
      root,
      "--agent",
      AGENT,
    ];
    const { status, stderr, stdout } = spawnSync("unshare", words, { encoding: "utf8" });
    const path = `${root}/usr/lib/update-route53`.replace("/update-route53", "");
    assert.equal(
      { status, stderr, stdout },
      {
        status: 73,
        stderr: `update-route53: ${path}: expected to write it, but the file system is read-only\n`,
        stdout: "",
      },
    );
    assert.equal(listing(root), before);
  });

  const noUser = isRoot ? undefined : "only root can become another user";
  test.unless(noUser, "say so where permission is missing", () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    const before = listing(root);
    chmodSync(dirname(root), 0o755);
    chmodSync(root, 0o755);
    const words = [process.execPath, "agent/main.ts", "install", "--root", root, "--agent", AGENT];
    const { status, stderr } = spawnSync(words[0] ?? "", words.slice(1), {
      encoding: "utf8",
      uid: 65534,
      gid: 65534,
    });
    assert.is(status, 73);
    assert.match(
      stderr,
      /^update-route53: .*: expected to write it, but permission denied, which root would not be\n$/,
    );
    chmodSync(root, 0o700);
    assert.equal(listing(root), before);
  });
});

/** Installs at a terminal, and types this when asked. */
async function installAtTerminal(root: string, typed: string) {
  const line = `"${process.execPath}" agent/main.ts install --root "${root}" --agent ${AGENT}`;
  const child = spawn("script", ["-qec", line, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  let shown = "";
  for await (const chunk of child.stdout) {
    const wasAsked = shown.includes("[y/N]");
    shown += chunk;
    if (!wasAsked && shown.includes("[y/N]")) child.stdin.write(typed);
  }
  child.stdin.end();
  return { shown, text: readFileSync(join(root, HOOK), "utf8") };
}

describe("install at a terminal", (test) => {
  const noScript = spawnSync("script", ["--version"]).error ? "script is not installed" : undefined;
  const cases = [
    ["y\r", true, "replaced "],
    ["yes\r", true, "replaced "],
    ["n\r", false, "kept "],
    ["\r", false, "kept "],
    ["\x04", false, "kept "],
    ["\x03", false, ""],
  ] as const;
  for (const [typed, isReplaced, word] of cases) {
    test.unless(
      noScript,
      `asks before it replaces what is not its own: ${JSON.stringify(typed)}`,
      async () => {
        const root = createRoot("/etc/ppp/ip-up.d/");
        writeFileSync(join(root, HOOK), "mine");
        const { shown, text } = await installAtTerminal(root, typed);
        assert.ok(shown.includes(`${HOOK}: somebody else wrote it. Replace it? [y/N] `), shown);
        assert.is(text !== "mine", isReplaced);
        assert.ok(word === "" ? !shown.includes("installed ") : shown.includes(`\n${word}`), shown);
      },
    );
  }
});
