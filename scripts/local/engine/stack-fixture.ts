// This project's own program, run on a configuration that has one of everything: for tests of what it registers.
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ProgramResult, runProgram } from "./engine.ts";
import type { RegisteredResource } from "./graph.ts";

const ANY_SOURCE = "package.json";
/** The hosted zones of the account. */
const ZONES = {
  "example.com": "Z0FOUND",
  "example.net": "Z0GIVEN",
  "xn--bcher-kva.kept.org": "Z0IDN",
  "kept.org": "Z0",
  "kept.dev": "Z1",
};
const PRIVATE_ZONES = { "example.com": "Z0PRIVATE" };

/** Other values than the defaults, and a first zone without names. */
const CONFIG = {
  "aws:region": "ap-south-1",
  zones: ["kept.dev", "example.com", { name: "example.net", id: "Z0GIVEN" }],
  devices: [
    {
      name: "attic",
      domains: ["attic.example.com"],
      publicKeys: ["YS+M9DmWXUDP5D6/VNzGUPk/H8Zl8AuON1/s0FLIPkI="],
      accessKeys: ["1", "2"],
    },
    { name: "barn", domains: ["*.barn.example.net", "barn.example.net"], families: ["ipv4", "ipv6"] },
  ],
  ttlSeconds: 300,
  streamName: "addresses",
  shards: 2,
  alarmEmail: "owner@example.com",
  logRetentionDays: 14,
  memoryMb: 512,
  reservedConcurrency: 5,
  tags: { owner: "me" },
  allowExampleNames: true,
};

export interface StackFixture {
  /** For the files of a test. */
  readonly folder: string;
  /** What `pulumi up` registers with these answers instead of the fixture's, or `pulumi preview`. */
  readonly run: (
    change?: Readonly<Record<string, unknown>>,
    options?: { readonly isPreview?: boolean },
  ) => Promise<ProgramResult>;
  readonly remove: () => Promise<void>;
}

export async function createStackFixture(): Promise<StackFixture> {
  const folder = await mkdtemp(join(tmpdir(), "update-route53-test-"));
  const bundle = join(folder, "bundle.mjs");
  const source = await readFile(fileURLToPath(new URL(`../../../${ANY_SOURCE}`, import.meta.url)));
  await writeFile(bundle, "// the function\n");
  await writeFile(
    `${bundle}.sources`,
    `${createHash("sha256").update(source).digest("hex")}  ${ANY_SOURCE}\n`,
  );
  return {
    folder,
    run: (change = {}, options = {}) =>
      runProgram({
        config: { ...CONFIG, bundle, ...change },
        zones: ZONES,
        privateZones: PRIVATE_ZONES,
        ...options,
      }),
    remove: () => rm(folder, { recursive: true }),
  };
}

export function ofType({ resources }: ProgramResult, type: string): RegisteredResource[] {
  return resources.filter((resource) => resource.type === type);
}

export function only(result: ProgramResult, type: string): RegisteredResource {
  const [found, ...others] = ofType(result, type);
  if (!found || others.length > 0) throw new Error(`expected one ${type}`);
  return found;
}
