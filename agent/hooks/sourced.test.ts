import { assert, describe } from "../../scripts/describe.ts";
import {
  createHookFolder,
  type Environment,
  type HookCase,
  hostileTexts,
  lacks,
  NOTIFY,
  runHook,
  shells,
} from "../../scripts/fixtures/hook-folder.ts";

const ADDRESS = ["wan0", "1.2.3.4"];
const dhclient = (reason: string, told: HookCase["told"], more: Environment = {}): HookCase => ({
  env: { reason, interface: "wan0", new_ip_address: "1.2.3.4", ...more },
  told,
});
const dhcpcd = (reason: string, told: HookCase["told"], more: Environment = {}): HookCase => ({
  env: { reason, if_up: "true", interface: "wan0", new_ip_address: "1.2.3.4", ...more },
  told,
});
const hotplug = (ACTION: string, told: HookCase["told"], more: Environment = {}): HookCase => ({
  env: { ACTION, INTERFACE: "wan", DEVICE: "pppoe-wan", ...more },
  told,
});
const sourced: Readonly<Record<string, readonly HookCase[]>> = {
  "dhclient.sh": [
    ...["BOUND", "REBOOT"].map((reason) => dhclient(reason, [...ADDRESS, ""])),
    ...["RENEW", "REBIND"].map((reason) => dhclient(reason, [...ADDRESS, "renewal"])),
    ...["PREINIT", "EXPIRE", "FAIL", "RELEASE", "STOP", "TIMEOUT", "NBI", "MEDIUM", "EXPIRE6", ""].map(
      (reason) => dhclient(reason, undefined),
    ),
    dhclient("BOUND6", ["wan0", "2a00::1", ""], { new_ip_address: "", new_ip6_address: "2a00::1" }),
    dhclient("RENEW6", ["wan0", "2a00::1", "renewal"], { new_ip_address: "", new_ip6_address: "2a00::1" }),
    { told: undefined },
  ],
  "dhcpcd.sh": [
    ...["BOUND", "REBOOT", "STATIC", "BOUND6", "DELEGATED6"].map((reason) =>
      dhcpcd(reason, [...ADDRESS, ""]),
    ),
    ...["RENEW", "REBIND", "RENEW6"].map((reason) => dhcpcd(reason, [...ADDRESS, "renewal"])),
    dhcpcd("ROUTERADVERT", ["wan0", "", "renewal"], { new_ip_address: "" }),
    ...[
      "PREINIT",
      "CARRIER",
      "NOCARRIER",
      "NAK",
      "EXPIRE",
      "IPV4LL",
      "STOP",
      "STOPPED",
      "TEST",
      "DEPARTED",
    ].map((reason) => dhcpcd(reason, undefined)),
    dhcpcd("BOUND", undefined, { if_up: "false" }),
    { told: undefined },
  ],
  "hotplug-iface.sh": [
    hotplug("ifup", ["pppoe-wan", "", "", "wan"]),
    hotplug("ifupdate", ["pppoe-wan", "", "", "wan"], { IFUPDATE_ADDRESSES: "1" }),
    hotplug("ifupdate", ["pppoe-wan", "", "", "wan"], { IFUPDATE_PREFIXES: "1" }),
    hotplug("ifupdate", undefined, { IFUPDATE_DATA: "1", IFUPDATE_ROUTES: "1" }),
    hotplug("ifdown", undefined),
    hotplug("ifup-failed", undefined),
    hotplug("ifup", undefined, { INTERFACE: "loopback", DEVICE: "lo" }),
    hotplug("ifup", undefined, { DEVICE: "" }),
    { told: undefined },
  ],
  "hotplug-ntp.sh": [
    ...["step", "stratum"].map((ACTION) => ({ env: { ACTION }, told: [""] })),
    ...["periodic", "unsync", ""].map((ACTION) => ({ env: { ACTION }, told: undefined })),
  ],
};

/** Tells what it has, reads the hook, and tells again. */
const CALLER = `
set -eu
umask 027
cd "$FOLDER/place"
set -- one "two three"
show() { set; echo "$-"; umask; pwd; echo "$*"; trap; (cd "/proc/$$/fd" && echo *); }
show >"$FOLDER/before"
. "$FOLDER/hook"
echo "$?" >"$FOLDER/status"
show >"$FOLDER/after"
`;
const CALLER_OPTIONS = ["", "set -f; ", "set -C; ", "trap 'echo ended' EXIT; "];
/** What shells change by themselves from one line to the next. */
const NOISE = /^(?:_|LINENO|BASH_[A-Z]+|PIPESTATUS|RANDOM|SECONDS|EPOCH\w+|SRANDOM|FUNCNAME)=.*$/gm;

interface Reading {
  readonly env?: Environment;
  readonly options?: string;
  readonly rest?: string;
}

async function read(
  shell: readonly string[],
  source: string,
  { env = {}, options = "", rest = "" }: Reading,
) {
  const folder = createHookFolder();
  folder.add(source, "hook", { [NOTIFY]: folder.addRecorder("notify", rest) });
  folder.makeDirectory("place");
  const again = () => runHook([...shell, "-c", options + CALLER], { ...env, FOLDER: folder.path });
  return { folder, again, ...(await again()) };
}

/** The events of a hook in which everything that may be chosen from outside is hostile. */
function hostileEvents([first]: readonly HookCase[]): readonly Environment[] {
  const env = first?.env ?? {};
  const deciding = ["reason", "if_up", "ACTION"];
  return hostileTexts.flatMap((text) => {
    const hostile = Object.fromEntries(Object.keys(env).map((name) => [name, text]));
    const usual = Object.fromEntries(Object.entries(env).filter(([name]) => deciding.includes(name)));
    return [hostile, { ...hostile, ...usual }];
  });
}

for (const shell of shells) {
  const missing = lacks(shell);
  for (const [source, cases] of Object.entries(sourced)) {
    describe(`${source} read by ${shell.join(" ")}`, (test) => {
      for (const each of cases) {
        const name = `makes the right start of ${JSON.stringify(Object.values(each.env ?? {}))}`;
        test.unless(missing, name, async () => {
          const { folder, output, allEnded } = await read(shell, source, { env: each.env ?? {} });
          await allEnded;
          assert.equal(folder.starts(), each.told ? [each.told] : []);
          assert.equal({ output, status: folder.read("status") }, { output: "", status: "0\n" });
        });
      }

      for (const options of CALLER_OPTIONS) {
        test.unless(missing, `leaves its caller as it was: ${options || "no options"}`, async () => {
          for (const env of [cases[0]?.env ?? {}, ...hostileEvents(cases)]) {
            const { folder, output, allEnded } = await read(shell, source, { env, options });
            await allEnded;
            assert.is(output, options.includes("trap") ? "ended\n" : "");
            assert.is(folder.read("status"), "0\n");
            assert.is(folder.read("after").replace(NOISE, ""), folder.read("before").replace(NOISE, ""));
          }
        });
      }

      test.unless(missing, "does not wait, and does nothing where notify is gone", async () => {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is of the shell
        const rest = 'while [ -d "${0%/*}" ] && [ ! -e "${0%/*}/over" ]; do sleep 0.1; done';
        const { folder, again, allEnded } = await read(shell, source, { env: cases[0]?.env ?? {}, rest });
        assert.is(folder.read("status"), "0\n");
        folder.makeDirectory("over");
        await allEnded;
        folder.remove("notify");
        folder.remove("status");
        assert.is((await again()).output, "");
        assert.is(folder.read("status"), "0\n");
      });
    });
  }
}
