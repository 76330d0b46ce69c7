import type { Device } from "./device.ts";

/** Where what every hook starts lies. */
export const LIBRARY = "/usr/lib/update-route53";

/** The name of what is there on every device. */
export const EVERY_HOOK = "every hook";

/** A file to install: `source` is its name in agent/hooks. */
export interface FileEntry {
  readonly path: string;
  readonly mode: number;
  readonly source: string;
}

export interface LinkEntry {
  readonly path: string;
  readonly target: string;
}

/** Something on a device that tells of a changed address, or looks at it from time to time. */
export interface Mechanism {
  readonly name: string;
  readonly isThere: (device: Device) => boolean;
  readonly files: (device: Device, isDaemon: boolean) => readonly FileEntry[];
  readonly links?: (isDaemon: boolean) => readonly LinkEntry[];
  /** Run where the device is this machine, and what `running` names is there. */
  readonly commands?: Commands;
  /** What a person must know or do. */
  readonly note?: (device: Device) => string | undefined;
}

/** The words of a command; one that begins with "-" may fail. */
export type Command = readonly string[];

export interface Commands {
  /** The file that they are about. */
  readonly about: string;
  /** One of these is there where the commands can do something. */
  readonly running: readonly string[];
  readonly afterInstall: (isDaemon: boolean) => readonly Command[];
  readonly beforeUninstall: readonly Command[];
  readonly afterUninstall: readonly Command[];
}

const script = (source: string, path: string): FileEntry => ({ path, mode: 0o755, source });
const sourced = (source: string, path: string): FileEntry => ({ path, mode: 0o644, source });

const isOpenWrt = ({ has }: Device) => has("/etc/openwrt_release");
const isSystemd = ({ has }: Device) =>
  ["/run/systemd/system", "/usr/lib/systemd/systemd", "/lib/systemd/systemd"].some(has);
const hasProgram = ({ has }: Device, name: string) => has(`/sbin/${name}`) || has(`/usr/sbin/${name}`);
/** OpenWrt's own events tell everything that these would. */
const elsewhere = (isThere: (device: Device) => boolean) => (device: Device) =>
  !isOpenWrt(device) && isThere(device);

const DHCPCD_DIRECTORIES = [
  "/usr/lib/dhcpcd/dhcpcd-hooks",
  "/lib/dhcpcd/dhcpcd-hooks",
  "/usr/libexec/dhcpcd-hooks",
  "/libexec/dhcpcd-hooks",
];

function dhcpcdFile({ has }: Device): FileEntry {
  const directory = DHCPCD_DIRECTORIES.find(has);
  // One file that the owner may have written: only where there is no directory.
  return sourced("dhcpcd.sh", directory ? `${directory}/90-update-route53` : "/etc/dhcpcd.exit-hook");
}

const ALPINE_SCRIPT = "/usr/share/udhcpc/default.script";
const isAlpineUdhcpc = ({ text }: Device) => text(ALPINE_SCRIPT).includes("post-$1");
const UNIT_DIRECTORY = "/etc/systemd/system";
const WRAPPER = `${LIBRARY}/udhcpc`;

/** All mechanisms, in the order in which they are shown. Names make them the last ones where the order counts. */
export const mechanisms: readonly Mechanism[] = [
  {
    name: EVERY_HOOK,
    isThere: () => true,
    files: () => [script("notify.sh", `${LIBRARY}/notify`)],
  },
  {
    name: "OpenWrt",
    isThere: isOpenWrt,
    files: (_, isDaemon) => [
      sourced("hotplug-iface.sh", "/etc/hotplug.d/iface/95-update-route53"),
      sourced("hotplug-ntp.sh", "/etc/hotplug.d/ntp/95-update-route53"),
      ...(isDaemon ? [] : [script("repeat.sh", `${LIBRARY}/repeat`)]),
      script(isDaemon ? "openwrt-init-run.sh" : "openwrt-init.sh", "/etc/init.d/update-route53"),
    ],
    links: () => [
      { path: "/etc/rc.d/S95update-route53", target: "../init.d/update-route53" },
      { path: "/etc/rc.d/K10update-route53", target: "../init.d/update-route53" },
    ],
    commands: {
      about: "/etc/init.d/update-route53",
      running: ["/var/run/ubus", "/var/run/ubus.sock"],
      afterInstall: () => [["/etc/init.d/update-route53", "restart"]],
      beforeUninstall: [["-/etc/init.d/update-route53", "stop"]],
      afterUninstall: [],
    },
  },
  {
    name: "pppd",
    isThere: elsewhere(({ has }) => has("/etc/ppp/ip-up.d")),
    files: ({ has }) =>
      ["ip-up.d", "ipv6-up.d"]
        .filter((name) => has(`/etc/ppp/${name}`))
        .map((name) => script("pppd.sh", `/etc/ppp/${name}/zz-update-route53`)),
    note: ({ has }) =>
      has("/etc/ppp/ip-up.local")
        ? `/etc/ppp/ip-up.local: pppd runs it in the place of /etc/ppp/ip-up.d; let it run ${LIBRARY}/notify "$1" "$4" in the background`
        : undefined,
  },
  {
    name: "dhclient",
    isThere: elsewhere(
      (device) => hasProgram(device, "dhclient-script") && device.has("/etc/dhcp/dhclient-exit-hooks.d"),
    ),
    files: () => [sourced("dhclient.sh", "/etc/dhcp/dhclient-exit-hooks.d/zz-update-route53")],
  },
  {
    name: "dhcpcd",
    isThere: elsewhere((device) => hasProgram(device, "dhcpcd") || DHCPCD_DIRECTORIES.some(device.has)),
    files: (device) => [dhcpcdFile(device)],
  },
  {
    name: "udhcpc",
    isThere: elsewhere(isAlpineUdhcpc),
    files: () => [
      script("udhcpc.sh", "/etc/udhcpc/post-bound/zz-update-route53"),
      script("udhcpc.sh", "/etc/udhcpc/post-renew/zz-update-route53"),
    ],
  },
  {
    name: "udhcpc",
    isThere: elsewhere((device) => device.has("/etc/udhcpc/default.script") && !isAlpineUdhcpc(device)),
    files: () => [script("udhcpc-wrapper.sh", WRAPPER)],
    note: () => `udhcpc has no hooks here: start it with -s ${WRAPPER}`,
  },
  {
    name: "NetworkManager",
    isThere: elsewhere(({ has }) => has("/etc/NetworkManager/dispatcher.d")),
    files: () => [script("networkmanager.sh", "/etc/NetworkManager/dispatcher.d/90-update-route53")],
  },
  {
    name: "networkd-dispatcher",
    isThere: elsewhere(({ has }) => has("/etc/networkd-dispatcher")),
    files: () => [script("networkd-dispatcher.sh", "/etc/networkd-dispatcher/routable.d/90-update-route53")],
  },
  {
    name: "ifupdown",
    isThere: elsewhere((device) => hasProgram(device, "ifup") && device.has("/etc/network/if-up.d")),
    files: () => [script("ifupdown.sh", "/etc/network/if-up.d/zz-update-route53")],
  },
  {
    name: "systemd",
    isThere: elsewhere(isSystemd),
    files: (_, isDaemon) =>
      isDaemon
        ? [sourced("update-route53-run.service", `${UNIT_DIRECTORY}/update-route53.service`)]
        : [
            sourced("update-route53.service", `${UNIT_DIRECTORY}/update-route53.service`),
            sourced("update-route53.timer", `${UNIT_DIRECTORY}/update-route53.timer`),
          ],
    links: (isDaemon) => [
      isDaemon ? wantedBy("multi-user.target", "service") : wantedBy("timers.target", "timer"),
    ],
    commands: {
      about: `${UNIT_DIRECTORY}/update-route53.service`,
      running: ["/run/systemd/system"],
      afterInstall: (isDaemon) => [
        ["-systemctl", "stop", `update-route53.${isDaemon ? "timer" : "service"}`],
        ["systemctl", "daemon-reload"],
        ["systemctl", "--no-block", "restart", `update-route53.${isDaemon ? "service" : "timer"}`],
      ],
      beforeUninstall: [["-systemctl", "stop", "update-route53.timer", "update-route53.service"]],
      afterUninstall: [
        ["systemctl", "daemon-reload"],
        // A unit that has failed is kept in mind without its file, too.
        ["-systemctl", "reset-failed", "update-route53.service"],
      ],
    },
  },
  {
    name: "cron",
    isThere: elsewhere((device) => !isSystemd(device) && device.has("/etc/cron.d")),
    files: () => [sourced("cron", "/etc/cron.d/update-route53")],
  },
  {
    name: "cron",
    isThere: elsewhere(
      (device) => !isSystemd(device) && !device.has("/etc/cron.d") && device.has("/etc/periodic/15min"),
    ),
    files: () => [script("periodic.sh", "/etc/periodic/15min/update-route53")],
  },
];

function wantedBy(target: string, kind: "service" | "timer"): LinkEntry {
  const unit = `update-route53.${kind}`;
  return { path: `${UNIT_DIRECTORY}/${target}.wants/${unit}`, target: `${UNIT_DIRECTORY}/${unit}` };
}
