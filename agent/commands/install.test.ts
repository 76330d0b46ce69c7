import { chmodSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { AGENT, createRoot, install, listing, uninstall } from "../../scripts/fixtures/device-root.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";

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
    assert.is(first.stdout, `program    ${AGENT}\n${lines.map((line) => `installed  ${line}\n`).join("")}`);
    const wouldInstall = lines.map((line) => `would install   ${line}\n`).join("");
    assert.is(wouldBe.stdout, `program         ${AGENT}\n${wouldInstall}`);
    assert.equal(
      expected.map((line) => line.replace(/^\S+/, modeOf(root, line))),
      expected,
    );
    const installed = listing(root);
    const second = await install(root);
    assert.is(second.stdout, `program    ${AGENT}\n${lines.map((line) => `unchanged  ${line}\n`).join("")}`);
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
    chmodSync(join(root, "opt/ddns"), 0o755);
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
    const notMade = [
      "/opt/ddns",
      "/usr/lib/update-route53/lib",
      "/etc/update-route53.toml",
      "/etc/update-route53.key",
    ];
    assert.equal(kept.slice(0, notMade.length), notMade);
    // All that it has made is in it.
    const files = listing(root).filter(
      (line) => /update-route53/.test(line.split("\n")[0] ?? "") && !/\/$/.test(line),
    );
    for (const path of kept.slice(notMade.length))
      assert.ok(
        files.some((line) => line.includes(path.slice(1))),
        path,
      );
  });

  test("keeps what it was told, and says so, until it is told otherwise", async () => {
    const kept = (flags: string) => `as before: ${flags}; to begin anew, uninstall first\n`;
    for (const has of [SYSTEMD, "/etc/openwrt_release"]) {
      const root = createRoot(has);
      const first = await install(root, "--daemon", "--interface", "wan,wan6");
      assert.equal([first.exitCode, first.stderr], [0, ""]);
      const installed = listing(root);
      for (const [flags, told] of [
        [[], kept("--daemon --interface wan,wan6")],
        [["--daemon"], kept("--interface wan,wan6")],
        [["--interface", "wan,wan6"], kept("--daemon")],
      ] as const) {
        assert.is((await install(root, ...flags)).stderr, told);
        assert.equal(listing(root), installed);
      }
      await install(root, "--interface", "ppp0");
      const text = readFileSync(join(root, "usr/lib/update-route53/notify"), "utf8");
      assert.match(text, /^interfaces="ppp0"$/m);
    }
  });

  test("changes from one kind of stay to the other, and leaves nothing of the first", async () => {
    for (const [has, one, other] of [
      [SYSTEMD, "update --log syslog", "run --log syslog"],
      [
        "/etc/openwrt_release",
        "command /usr/lib/update-route53/repeat",
        "command /usr/bin/env -u LD_PRELOAD /usr/bin/update-route53 run",
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
      await uninstall(root);
      assert.equal(listing(root), before);
      await install(root);
      assert.equal(names(root), usual);
    }
  });

  const names = (root: string) => listing(root).map((line) => line.split(/ \d+\.?\d* /)[0]);
});
