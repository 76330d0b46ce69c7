import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
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
const networkManager = (action: string, told: HookCase["told"], more: Environment = {}): HookCase => ({
  args: ["wan0", action],
  env: { IP4_ADDRESS_0: "1.2.3.4/24 1.2.3.1", ...more },
  told,
});
/** The hooks that a daemon runs. */
const executed: Readonly<Record<string, readonly HookCase[]>> = {
  "pppd.sh": [
    { args: ["ppp0", "/dev/tty", "0", "1.2.3.4", "10.0.0.1", ""], told: ["ppp0", "1.2.3.4"] },
    { args: ["ppp0", "", "0", "fe80::1", "fe80::2", ""], told: ["ppp0"] },
    { args: [], told: ["", ""] },
  ],
  "networkmanager.sh": [
    networkManager("up", ADDRESS),
    networkManager("reapply", ADDRESS),
    networkManager("dhcp4-change", [...ADDRESS, "renewal"]),
    networkManager("dhcp4-change", ["wan0", "", "renewal"], { IP4_ADDRESS_0: "" }),
    networkManager("dhcp4-change", [...ADDRESS, "renewal"], {
      IP4_ADDRESS_0: "",
      DHCP4_IP_ADDRESS: "1.2.3.4",
    }),
    networkManager("dhcp6-change", [...ADDRESS, "renewal"]),
    networkManager("connectivity-change", ["", ""], { CONNECTIVITY_STATE: "FULL" }),
    networkManager("connectivity-change", undefined, { CONNECTIVITY_STATE: "PORTAL" }),
    networkManager("down", undefined),
    networkManager("pre-up", undefined),
    networkManager("hostname", undefined),
    { args: [], told: undefined },
  ],
  "networkd-dispatcher.sh": [{ env: { IFACE: "wan0", ADDR: "1.2.3.4", STATE: "routable" }, told: ADDRESS }],
  "ifupdown.sh": [
    { env: { IFACE: "wan0", MODE: "start", PHASE: "post-up" }, told: ["wan0"] },
    { env: { IFACE: "lo" }, told: undefined },
    { env: { IFACE: "--all" }, told: undefined },
    { told: undefined },
  ],
  "udhcpc.sh": [{ env: { interface: "wan0", ip: "1.2.3.4" }, told: [...ADDRESS, ""] }],
  "udhcpc-wrapper.sh": [
    { args: ["bound"], env: { interface: "wan0", ip: "1.2.3.4" }, told: [...ADDRESS, ""] },
    { args: ["renew"], env: { interface: "wan0", ip: "1.2.3.4" }, told: [...ADDRESS, "renewal"] },
    { args: ["deconfig"], env: { interface: "wan0" }, told: undefined },
    { args: ["leasefail"], told: undefined },
    { args: ["nak"], told: undefined },
  ],
  "periodic.sh": [{ told: [""] }],
};

/** A hook in a folder, which starts a recorder in the place of notify. */
function prepare(source: string, rest = "") {
  const folder = createHookFolder();
  // What the wrapper wraps ends with 5, and that is what udhcpc is to hear.
  const wrapped = isWrapper(source)
    ? { "/etc/udhcpc/default.script": folder.addRecorder("default-script", "exit 5") }
    : {};
  const notify = folder.addRecorder("notify", rest);
  const hook = folder.add(source, "hook", { [NOTIFY]: notify, ...wrapped });
  const run = async (shell: readonly string[], { args = [], env = {} }: Omit<HookCase, "told">) => {
    const { exitCode, output, allEnded } = await runHook([...shell, "-eu", hook, ...args], env);
    assert.equal({ exitCode, output }, { exitCode: isWrapper(source) ? 5 : 0, output: "" });
    return { allEnded };
  };
  // The first start is that of what is wrapped.
  return { folder, run, told: () => folder.starts().slice(isWrapper(source) ? 1 : 0) };
}

/** For a program that ends when the test lets it. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is of the shell
const untilOver = 'while [ -d "${0%/*}" ] && [ ! -e "${0%/*}/over" ]; do sleep 0.1; done';
const isWrapper = (source: string) => source === "udhcpc-wrapper.sh";
const describeCase = ({ args, env }: HookCase) =>
  JSON.stringify([...(args ?? []), ...Object.values(env ?? {})]);

/** An event in which a peer or a server has chosen what is said of the interface. */
const hostileEvents: Readonly<Record<string, (text: string) => Omit<HookCase, "told">>> = {
  "pppd.sh": (text) => ({ args: [text, "", "0", text] }),
  "networkmanager.sh": (text) => ({ args: [text, "up"], env: { IP4_ADDRESS_0: text } }),
  "networkd-dispatcher.sh": (text) => ({ env: { IFACE: text, ADDR: text } }),
  "ifupdown.sh": (text) => ({ env: { IFACE: text } }),
  "udhcpc.sh": (text) => ({ env: { interface: text, ip: text } }),
  "udhcpc-wrapper.sh": (text) => ({ args: ["bound"], env: { interface: text, ip: text } }),
  "periodic.sh": () => ({}),
};

for (const shell of shells) {
  const missing = lacks(shell);
  for (const [source, cases] of Object.entries(executed)) {
    describe(`${source} run by ${shell.join(" ")}`, (test) => {
      for (const each of cases) {
        test.unless(missing, `makes the right start of ${describeCase(each)}`, async () => {
          const { run, told } = prepare(source);
          await (await run(shell, each)).allEnded;
          assert.equal(told(), each.told ? [each.told] : []);
        });
      }

      test.unless(missing, "hands hostile texts on as they are", async () => {
        for (const text of hostileTexts) {
          const { run, told } = prepare(source);
          await (await run(shell, hostileEvents[source]?.(text) ?? {})).allEnded;
          assert.is(told().length, 1);
          assert.is(told()[0]?.[0], source === "periodic.sh" ? "" : text);
        }
      });

      test.unless(missing, "does not wait, and does nothing where notify is gone", async () => {
        const { folder, run } = prepare(source, untilOver);
        const event = cases[0] ?? {};
        // The program behind it ends after this only.
        const { allEnded } = await run(shell, event);
        folder.makeDirectory("over");
        await allEnded;
        folder.remove("notify");
        await run(shell, event);
      });
    });
  }
}

describe("udhcpc.sh", (test) => {
  test("calls what post-renew does a renewal", async () => {
    const folder = createHookFolder();
    const notify = folder.addRecorder("notify");
    folder.makeDirectory("post-renew");
    const hook = folder.add("udhcpc.sh", "post-renew/zz-update-route53", { [NOTIFY]: notify });
    await (await runHook([hook], { interface: "wan0", ip: "1.2.3.4" })).allEnded;
    assert.equal(folder.starts(), [["wan0", "1.2.3.4", "renewal"]]);
  });
});

describe("the hooks", (test) => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".sh"));
  const { error } = spawnSync("shellcheck", ["--version"]);
  const noShellcheck = error ? "shellcheck is not installed" : undefined;

  test.unless(noShellcheck, "have no fault that shellcheck knows", () => {
    const { status, stdout } = spawnSync("shellcheck", scripts, { cwd: folder, encoding: "utf8" });
    assert.equal({ status, stdout }, { status: 0, stdout: "" });
    assert.ok(scripts.length >= 12);
  });

  // What is run in a shell of somebody else's, ends that one as well.
  test("never end the shell that reads them", () => {
    for (const name of scripts) {
      const text = readFileSync(`${folder}${name}`, "utf8");
      if (!text.startsWith("#!"))
        assert.not.match(text.replaceAll(/^#.*$/gm, ""), /\b(?:exit|return|exec|set|trap)\b(?! --)/, name);
    }
  });
});
