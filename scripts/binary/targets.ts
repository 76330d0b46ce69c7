// What `npm run build` makes binaries for, and what all of them are made of.

export type Architecture = "x64" | "arm64";

export interface Target {
  readonly arch: Architecture;
  /** Of the npm package `node-linux-ARCH`, as in the registry: the Node that the binary is. */
  readonly baseIntegrity: string;
  /** As GNU names the machine: in Debian's folders of libraries and in the names of QEMU's emulators. */
  readonly machine: "x86_64" | "aarch64";
  /** As Debian names it. */
  readonly debian: "amd64" | "arm64";
}

/** The version of the base. The same as that of the `node` package, on which all tests run. */
export const nodeVersion = "24.21.0";

export const targets: readonly Target[] = [
  {
    arch: "x64",
    baseIntegrity:
      "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    machine: "x86_64",
    debian: "amd64",
  },
  {
    arch: "arm64",
    baseIntegrity:
      "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    machine: "aarch64",
    debian: "arm64",
  },
];

/**
 * Limits for a small device, passed to Node by the binary itself. The young generation takes 3 MiB at most instead
 * of 48, the old one 32 MiB (15 live after a publication), and one thread works for V8 instead of four. Flags that
 * change how code is compiled (--jitless, --lite-mode, --max-lazy, --single-threaded, --no-opt) save a one-shot less
 * than 1 MiB and make a publication a quarter dearer: with any of them Node refuses the compiled code of its own
 * modules. What stays sets its own: agent/run/spare-memory.ts.
 */
export const nodeFlags: readonly string[] = [
  "--max-semi-space-size=1",
  "--max-old-space-size=32",
  "--v8-pool-size=1",
];
