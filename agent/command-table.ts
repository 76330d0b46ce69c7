import type { ArgsDef, CommandDef } from "citty";
import {
  configFlag,
  confirmFlag,
  dryRunFlag,
  everyCommand,
  forceFlag,
  installFlags,
  ipFlag,
  jsonFlag,
  settingFlags,
  waitFlag,
} from "./command-flags.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";

export const DEFAULT_KEY_PATH = "/etc/update-route53.key";

export interface CommandEntry extends CommandDef {
  readonly meta: { readonly name: string; readonly description: string };
  /** The flags and words of this command alone, in the order of the help. */
  readonly args: ArgsDef;
  /** What to type, and what that does. */
  readonly examples: readonly (readonly [typed: string, effect: string])[];
  /** How it may end, beside the ways in which every command does. */
  readonly exitCodes: readonly ExitCode[];
  /** Its results are events, which a log for programs holds as well. */
  readonly reportsEvents?: true;
}

const PUBLISHING = [
  exitCode.refused,
  exitCode.noAddress,
  exitCode.tryAgain,
  exitCode.noPermission,
  exitCode.configuration,
] as const;

const entries = {
  update: {
    meta: {
      name: "update",
      description: "Learn the public address and put it on the stream (the default command)",
    },
    args: {
      ...ipFlag,
      ...settingFlags(),
      ...forceFlag,
      ...waitFlag,
      ...dryRunFlag,
      ...configFlag,
      ...jsonFlag,
    },
    examples: [
      ["update-route53", "publish the address of this network, as the configuration file says"],
      [
        "update-route53 --domain home.example.com --ip 1.2.3.4 --dry-run",
        "show what would be sent, and send nothing",
      ],
      [
        "update-route53 --log syslog 2>&1 | logger --prio-prefix -t update-route53",
        "log everything with its priority",
      ],
    ],
    exitCodes: PUBLISHING,
    reportsEvents: true,
  },
  notify: {
    meta: { name: "notify", description: "As update, called by a hook when an interface has changed" },
    args: {
      "network-interface": {
        type: "positional",
        valueHint: "INTERFACE",
        description: "the interface that has changed",
      },
      address: {
        type: "positional",
        required: false,
        valueHint: "ADDRESS",
        description: "its address, as the hook knows it: counts where the interface cannot be read",
      },
      ...forceFlag,
      ...confirmFlag,
      ...settingFlags(),
      ...configFlag,
      ...jsonFlag,
    },
    examples: [["update-route53 notify pppoe-wan", "publish the address that this interface has now"]],
    exitCodes: PUBLISHING,
    reportsEvents: true,
  },
  run: {
    meta: { name: "run", description: "As update, again and again until it is ended, for a service manager" },
    args: { ...settingFlags(), ...configFlag, ...jsonFlag },
    examples: [
      ["update-route53 run", "check every interval_seconds, and at once when the kernel's address changes"],
      ["kill -HUP PID", "read the configuration again; -USR1 checks now, -TERM ends it"],
    ],
    exitCodes: [exitCode.tryAgain, exitCode.configuration],
    reportsEvents: true,
  },
  ip: {
    meta: { name: "ip", description: "Show what each source says of the public address, and the verdict" },
    args: {
      ...settingFlags(["families", "interface", "check_urls"]),
      ...configFlag,
      ...jsonFlag,
    },
    examples: [
      ["update-route53 ip", "ask as an update would"],
      ["update-route53 ip --family ipv6 --interface eth0", "say which IPv6 address eth0 would be given"],
    ],
    exitCodes: [exitCode.noAddress, exitCode.configuration],
  },
  status: {
    meta: { name: "status", description: "Show what was published, what is detected and what DNS answers" },
    args: { ...settingFlags(), ...configFlag, ...jsonFlag },
    examples: [["update-route53 status", "say of each name whether all three agree"]],
    exitCodes: [exitCode.noAddress, exitCode.tryAgain, exitCode.configuration],
  },
  doctor: {
    meta: { name: "doctor", description: "Look at all that an update depends on, and say what to do" },
    args: {
      ...settingFlags(),
      redact: {
        type: "boolean",
        description: "hide addresses, names, keys and paths, so that it can be pasted in public",
      },
      ...configFlag,
      ...jsonFlag,
    },
    examples: [
      ["update-route53 doctor", "check everything; publish and change nothing"],
      ["update-route53 doctor --redact", "the same, to be pasted in a public issue"],
    ],
    exitCodes: [exitCode.noAddress, exitCode.tryAgain, exitCode.noPermission, exitCode.configuration],
  },
  keygen: {
    meta: { name: "keygen", description: "Make the key that this device signs its updates with" },
    args: {
      out: {
        type: "string",
        valueHint: "PATH",
        description: `where to write the private key (default: ${DEFAULT_KEY_PATH})`,
      },
      force: { type: "boolean", description: "replace the key that is there" },
      ...jsonFlag,
    },
    examples: [["update-route53 keygen", "print the public key, as a line for the Pulumi configuration"]],
    exitCodes: [exitCode.cannotCreate],
  },
  install: {
    meta: {
      name: "install",
      description: "Install the hooks of what is on this device, and what backs them up",
    },
    args: {
      interface: {
        type: "string",
        valueHint: "NAMES",
        description:
          "the interfaces whose hooks count, separated by commas (default: as before, or those with a default route)",
      },
      daemon: {
        type: "boolean",
        description: 'have "update-route53 run" stay, instead of a look every 5 minutes (default: as before)',
      },
      agent: {
        type: "string",
        valueHint: "PATH",
        description: "where the program is on the device (default: this program)",
      },
      ...installFlags,
      ...jsonFlag,
    },
    examples: [
      ["update-route53 install --dry-run", "show what would be installed where"],
      ["update-route53 install --interface wan,wan6", "on OpenWrt, without the hooks of other networks"],
    ],
    exitCodes: [exitCode.cannotCreate],
  },
  uninstall: {
    meta: { name: "uninstall", description: "Remove what install has written, and nothing else" },
    args: { ...installFlags, ...jsonFlag },
    examples: [
      ["update-route53 uninstall", "remove the hooks; the program, its configuration and its key stay"],
    ],
    exitCodes: [exitCode.cannotCreate],
  },
  completions: {
    meta: { name: "completions", description: "Print a completion script for a shell" },
    args: {
      shell: {
        type: "positional",
        valueHint: "bash|zsh|fish",
        description: "the shell to complete in",
      },
    },
    examples: [
      ['eval "$(update-route53 completions bash)"', "in ~/.bashrc"],
      ["source <(update-route53 completions zsh)", "in ~/.zshrc, after compinit"],
      ["update-route53 completions fish | source", "in ~/.config/fish/config.fish"],
    ],
    exitCodes: [],
  },
} as const satisfies Readonly<Record<string, CommandEntry>>;

export type CommandName = keyof typeof entries;

/** The one table of commands and flags: parsing, help and completions are made from it. */
export const commandTable: Readonly<Record<CommandName, CommandEntry>> = entries;

export const commandNames = Object.keys(entries) as CommandName[];

/** Everything that a command takes. */
export function argumentsOf(name: CommandName): ArgsDef {
  return { ...commandTable[name].args, ...everyCommand };
}
