import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../scripts/describe.ts";
import { createAuthority } from "../scripts/fixtures/certificates.ts";
import { createHandedJob } from "./handed-job.ts";

const folder = mkdtempSync(join(tmpdir(), "handed-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };
const SETTINGS = `domains = ["home.example.com"]\nstate_directory = "state"\naccess_key_id = "a"\n`;

describe("a handed job", (test) => {
  const directory = join(folder, "theirs");
  mkdirSync(directory);
  const config = join(directory, "c.toml");
  writeFileSync(config, `${SETTINGS}secret_access_key_file = "secret"\nca_file = "ca.pem"\n`, {
    mode: 0o600,
  });
  writeFileSync(join(directory, "secret"), "s\n", { mode: 0o600 });
  writeFileSync(join(directory, "ca.pem"), createAuthority("ours").cert);

  for (const [where, argv, environment] of [
    ["a flag", ["--config", "c.toml"], {}],
    ["a variable", [], { UPDATE_ROUTE53_CONFIG: "c.toml" }],
  ] as const) {
    test(`has the paths of the directory that it comes from, by ${where}, and leaves ours as it is`, () => {
      const before = process.cwd();
      const { settings, credentials, authorities } = createHandedJob({ argv, environment, directory }, log);
      assert.is(settings.state_directory, join(directory, "state"));
      assert.is(authorities?.path, join(directory, "ca.pem"));
      assert.equal(credentials, { accessKeyId: "a", secretAccessKey: "s" });
      assert.is(process.cwd(), before);
    });
  }

  test("needs no directory where its paths are absolute", () => {
    writeFileSync(join(folder, "absolute.toml"), 'domains = ["home.example.com"]\n');
    const argv = ["--config", join(folder, "absolute.toml"), "--ip", "1.2.3.4"];
    const job = createHandedJob({ argv, environment: {}, directory: join(folder, "gone") }, log);
    assert.is(job.domains[0]?.fqdn, "home.example.com.");
  });

  test("fails as expected where the directory of its configuration is gone", () => {
    const request = { argv: ["--config", "c.toml"], environment: {}, directory: join(folder, "gone") };
    assert.throws(
      () => createHandedJob(request, log),
      /gone\/c\.toml: expected a configuration file, found none$/,
    );
  });
});
