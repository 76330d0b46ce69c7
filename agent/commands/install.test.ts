import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";

const AGENT = "/usr/bin/update-route53";
const parent = mkdtempSync(join(tmpdir(), "install-"));
process.on("exit", () => rmSync(parent, { recursive: true, force: true }));

/** A device of these files, and of these directories, which end with a slash. */
function createRoot(...paths: readonly string[]): string {
  const root = mkdtempSync(join(parent, "root-"));
  for (const path of [AGENT, "/etc/update-route53.toml", ...paths]) {
    mkdirSync(join(root, path.endsWith("/") ? path : dirname(path)), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(join(root, path), "");
  }
  return root;
}

/** Everything below a directory: mode, path, and what is in it. */
function listing(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = join(root, name);
      const stat = lstatSync(path);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isDirectory()) return `${mode} ${name}/`;
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      return `${mode} ${name} ${stat.mtimeMs} ${readFileSync(path, "utf8")}`;
    });
}

const install = (root: string, ...args: string[]) =>
  runAgent(["install", "--root", root, "--agent", AGENT, ...args]);
const uninstall = (root: string, ...args: string[]) => runAgent(["uninstall", "--root", root, ...args]);
const NOTHING_SAID = { exitCode: 0, stderr: "" };

const SYSTEMD = "/usr/lib/systemd/systemd";
const systemd = [
  "644 /etc/systemd/system/update-route53.service  (systemd)",
  "644 /etc/systemd/system/update-route53.timer  (systemd)",
  "link /etc/systemd/system/timers.target.wants/update-route53.timer  (systemd)",
];
const notify = "755 /usr/lib/update-route53/notify  (every hook)";
const ifupdown = ["/usr/sbin/ifup", "/etc/network/if-up.d/"];

const devices: readonly (readonly [name: string, has: readonly string[], expected: readonly string[]])[] = [
  [
    "OpenWrt",
    [
      "/etc/openwrt_release",
      "/etc/hotplug.d/iface/",
      "/lib/upgrade/keep.d/",
      "/etc/init.d/",
      "/etc/rc.d/",
      "/etc/ppp/ip-up.d/",
    ],
    [
      notify,
      "644 /etc/hotplug.d/iface/95-update-route53  (OpenWrt)",
      "644 /etc/hotplug.d/ntp/95-update-route53  (OpenWrt)",
      "755 /usr/lib/update-route53/repeat  (OpenWrt)",
      "755 /etc/init.d/update-route53  (OpenWrt)",
      "link /etc/rc.d/S95update-route53  (OpenWrt)",
      "link /etc/rc.d/K10update-route53  (OpenWrt)",
      "644 /lib/upgrade/keep.d/update-route53  (OpenWrt)",
    ],
  ],
  [
    "Raspberry Pi OS bookworm",
    [SYSTEMD, "/etc/NetworkManager/dispatcher.d/", "/etc/cron.d/", "/etc/network/if-up.d/"],
    [notify, "755 /etc/NetworkManager/dispatcher.d/90-update-route53  (NetworkManager)", ...systemd],
  ],
  [
    "Raspberry Pi OS bullseye",
    [SYSTEMD, "/usr/sbin/dhcpcd", "/usr/lib/dhcpcd/dhcpcd-hooks/", "/etc/cron.d/"],
    [notify, "644 /usr/lib/dhcpcd/dhcpcd-hooks/90-update-route53  (dhcpcd)", ...systemd],
  ],
  [
    "Debian with ifupdown, dhclient and PPP",
    [
      SYSTEMD,
      ...ifupdown,
      "/sbin/dhclient-script",
      "/etc/dhcp/dhclient-exit-hooks.d/",
      "/etc/ppp/ip-up.d/",
      "/etc/ppp/ipv6-up.d/",
    ],
    [
      notify,
      "755 /etc/ppp/ip-up.d/zz-update-route53  (pppd)",
      "755 /etc/ppp/ipv6-up.d/zz-update-route53  (pppd)",
      "644 /etc/dhcp/dhclient-exit-hooks.d/zz-update-route53  (dhclient)",
      "755 /etc/network/if-up.d/zz-update-route53  (ifupdown)",
      ...systemd,
    ],
  ],
  [
    "systemd-networkd with networkd-dispatcher",
    [SYSTEMD, "/etc/networkd-dispatcher/"],
    [notify, "755 /etc/networkd-dispatcher/routable.d/90-update-route53  (networkd-dispatcher)", ...systemd],
  ],
  [
    "dhcpcd without a directory, and cron",
    ["/sbin/dhcpcd", "/etc/cron.d/"],
    [notify, "644 /etc/dhcpcd.exit-hook  (dhcpcd)", "644 /etc/cron.d/update-route53  (cron)"],
  ],
];

const alpine = createRoot("/usr/share/udhcpc/default.script", "/etc/udhcpc/", "/etc/periodic/15min/");
writeFileSync(join(alpine, "usr/share/udhcpc/default.script"), "#!/bin/sh\nrun_scripts $UDHCPC/post-$1\n");

describe("install", (test) => {
  for (const [name, has, expected] of devices) {
    test(`installs what is right for ${name}, once, and uninstall leaves nothing of it`, async () => {
      await checkRound(createRoot(...has), expected);
    });
  }

  test("installs what is right for Alpine", () =>
    checkRound(alpine, [
      notify,
      "755 /etc/udhcpc/post-bound/zz-update-route53  (udhcpc)",
      "755 /etc/udhcpc/post-renew/zz-update-route53  (udhcpc)",
      "755 /etc/periodic/15min/update-route53  (cron)",
    ]));

  async function checkRound(root: string, expected: readonly string[]) {
    const before = listing(root);
    const wouldBe = await install(root, "--dry-run");
    assert.equal(listing(root), before);
    const first = await install(root);
    assert.is(first.stderr, "");
    assert.is(first.exitCode, 0);
    const lines = expected.map((line) => line.replace(/^\S+ /, ""));
    assert.is(first.stdout, lines.map((line) => `installed  ${line}\n`).join(""));
    assert.is(wouldBe.stdout, lines.map((line) => `would install   ${line}\n`).join(""));
    assert.equal(
      expected.map((line) => line.replace(/^\S+/, modeOf(root, line))),
      expected,
    );
    const installed = listing(root);
    const second = await install(root);
    assert.is(second.stdout, lines.map((line) => `unchanged  ${line}\n`).join(""));
    assert.equal(listing(root), installed);
    const shown = await uninstall(root, "--dry-run");
    assert.is(shown.stdout.split("would remove").length - 1, lines.length);
    assert.equal(listing(root), installed);
    const gone = await uninstall(root);
    assert.equal({ ...gone, stdout: "" }, { ...NOTHING_SAID, stdout: "" });
    assert.equal(listing(root), before);
    assert.equal(await uninstall(root), { exitCode: 0, stdout: "", stderr: "nothing is installed\n" });
  }

  const modeOf = (root: string, line: string) => {
    const stat = lstatSync(join(root, line.split(" ")[1] ?? ""));
    return stat.isSymbolicLink() ? "link" : (stat.mode & 0o7777).toString(8);
  };

  test("fills in the path of the program and the interfaces, everywhere", async () => {
    const root = createRoot("/etc/openwrt_release", "/opt/ddns");
    const { exitCode } = await runAgent([
      "install",
      "--root",
      root,
      "--agent",
      "/opt/ddns",
      "--interface",
      "wan,wan6",
    ]);
    assert.is(exitCode, 0);
    const text = readFileSync(join(root, "usr/lib/update-route53/notify"), "utf8");
    assert.match(text, /^agent=\/opt\/ddns$/m);
    assert.match(text, /^interfaces="wan wan6"$/m);
    assert.not.match(
      listing(root)
        .join("\n")
        .replaceAll(/^644 usr\/bin.*$/gm, ""),
      /\/usr\/bin\/update-route53/,
    );
    const kept = readFileSync(join(root, "lib/upgrade/keep.d/update-route53"), "utf8")
      .split("\n")
      .slice(1, -1);
    assert.equal(kept.slice(0, 3), ["/opt/ddns", "/etc/update-route53.toml", "/etc/update-route53.key"]);
    // All that it has made is in it.
    const files = listing(root).filter(
      (line) => /update-route53/.test(line.split("\n")[0] ?? "") && !/\/$/.test(line),
    );
    for (const path of kept.slice(3))
      assert.ok(
        files.some((line) => line.includes(path.slice(1))),
        path,
      );
  });

  test("changes from one kind of stay to the other, and leaves nothing of the first", async () => {
    for (const [has, one, other] of [
      [SYSTEMD, "update --log syslog", "run --log syslog"],
      [
        "/etc/openwrt_release",
        "command /usr/lib/update-route53/repeat",
        "command /usr/bin/update-route53 run",
      ],
    ] as const) {
      const root = createRoot(has);
      const before = listing(root);
      const text = () => listing(root).join("\n");
      await install(root);
      const usual = names(root);
      assert.ok(text().includes(one));
      assert.is((await install(root, "--daemon")).exitCode, 0);
      assert.ok(text().includes(other) && !text().includes(one));
      await install(root);
      assert.equal(names(root), usual);
      await install(root, "--daemon");
      await uninstall(root);
      assert.equal(listing(root), before);
    }
  });

  const names = (root: string) => listing(root).map((line) => line.split(/ \d+\.?\d* /)[0]);
});

const HOOK = "/etc/ppp/ip-up.d/zz-update-route53";
const UNITS = ["/usr/lib/update-route53/notify", HOOK];

describe("install and uninstall", (test) => {
  const kept = (reason: string, mechanism = "  (pppd)") =>
    `kept       ${HOOK}${mechanism}: ${reason}; --force overrules that\n`;

  test("leave what somebody else wrote, say so, and do the rest", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/", "/etc/cron.d/");
    writeFileSync(join(root, HOOK), "#!/bin/sh\nmine\n");
    const { exitCode, stdout } = await install(root);
    assert.is(exitCode, 73);
    assert.ok(stdout.includes(kept("somebody else wrote it")), stdout);
    assert.match(stdout, /^installed {2}\/etc\/cron\.d\/update-route53/m);
    assert.is((await uninstall(root)).exitCode, 0);
    assert.is(readFileSync(join(root, HOOK), "utf8"), "#!/bin/sh\nmine\n");
    assert.is((await install(root, "--force", "--dry-run")).exitCode, 0);
    assert.match((await install(root, "--force")).stdout, /^replaced {3}\/etc\/ppp/m);
    assert.match(readFileSync(join(root, HOOK), "utf8"), /Run by pppd/);
  });

  test("leave what was changed since", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    const before = listing(root);
    await install(root);
    const changed = `${readFileSync(join(root, HOOK), "utf8")}# mine\n`;
    writeFileSync(join(root, HOOK), changed);
    const again = await install(root);
    assert.is(again.exitCode, 73);
    assert.ok(again.stdout.includes(kept("it was changed since it was installed")), again.stdout);
    const removed = await uninstall(root);
    assert.is(removed.exitCode, 73);
    assert.is(removed.stdout, `${kept("it was changed since it was installed", "")}removed    ${UNITS[0]}\n`);
    assert.is(readFileSync(join(root, HOOK), "utf8"), changed);
    assert.is((await uninstall(root, "--force")).exitCode, 0);
    assert.equal(listing(root), before);
  });

  test("mend a mode, and replace what an older version has written", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    await install(root);
    chmodSync(join(root, HOOK), 0o644);
    await install(root, "--interface", "ppp0");
    assert.is(lstatSync(join(root, HOOK)).mode & 0o777, 0o755);
    const { stdout } = await install(root, "--interface", "ppp1");
    assert.is(stdout, `updated    ${UNITS[0]}  (every hook)\nunchanged  ${HOOK}  (pppd)\n`);
  });

  test("follow no link, neither of a file nor out of the device", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/", "/etc/networkd-dispatcher/");
    const target = join(parent, "target");
    mkdirSync(target);
    writeFileSync(join(target, "file"), "mine");
    symlinkSync(join(target, "file"), join(root, HOOK));
    symlinkSync(target, join(root, "etc/networkd-dispatcher/routable.d"));
    const { exitCode, stdout } = await install(root, "--force");
    assert.is(exitCode, 73);
    assert.ok(
      stdout.includes("routable.d/90-update-route53  (networkd-dispatcher): a link on the way leads out of"),
      stdout,
    );
    assert.match(stdout, /^replaced {3}\/etc\/ppp/m);
    assert.equal(readdirSync(target), ["file"]);
    assert.is(readFileSync(join(target, "file"), "utf8"), "mine");
  });

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
        { path: UNITS[0], mechanism: "every hook", outcome: "installed" },
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
    chmodSync(parent, 0o755);
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
