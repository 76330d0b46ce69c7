// The bundle that is deployed, in AWS's own runtime client, over the wire against the local Route 53.
import { generateKeyPairSync } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kinesisEvent, plainEvent, sequenceNumberAt } from "../scripts/bench/lambda/event.ts";
import { type DeployedBundle, deployBundle, outcomesIn } from "../scripts/bench/lambda/harness.ts";
import { assert, describe } from "../scripts/describe.ts";
import { parsePublicAddress } from "./contract/address.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { type AddressUpdate, encodeAddressUpdate } from "./contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "./contract/signature.ts";

const key = generateKeyPairSync("ed25519");
const zones = [
  { name: "somedomain.com", id: "ZSEED" },
  { name: "example.com", id: "ZEXAMPLE" },
  { name: "dyn.example.com", id: "ZDYN" },
];
const settings = {
  zones,
  devices: [{ name: "attic", domains: ["attic.example.com"], publicKeys: [formatPublicKey(key.publicKey)] }],
  unsignedDomains: ["somedomain.com", "example.com", "*.dyn.example.com"],
};
const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
const asking = (domain: string, ip = "81.2.3.4") => JSON.stringify({ ip, domain, uuid });
const NO_FAILURES = { batchItemFailures: [] };

function signed(domain: string, ip: string): AddressUpdate {
  const issuedAt = new Date(1_543_618_890_000).toISOString();
  const update = {
    address: parsePublicAddress(ip),
    fqdn: parseFqdn(domain),
    uuid,
    device: "attic",
    issuedAt,
  };
  return signAddressUpdate(update, key.privateKey);
}

let deployed: DeployedBundle;

describe("the bundle in Lambda's runtime client", (test) => {
  test.before(async () => {
    deployed = await deployBundle(settings, { zones });
  });
  test.after(() => deployed?.close());

  test("is one file, with its source map and the list of its sources", async () => {
    const files = await readdir(deployed.folder);
    assert.equal(files.toSorted(), ["index.mjs", "index.mjs.map", "index.mjs.sources", "settings.json"]);
  });

  test("applies an event with one plain record", async () => {
    const invoked = await deployed.invoke(plainEvent);
    assert.equal(invoked.answer, NO_FAILURES);
    assert.equal(deployed.heldBy("ZSEED", "somedomain.com."), ["60 A 1.2.3.4"]);
    assert.equal(outcomesIn(invoked), ["applied somedomain.com"]);
    const seedUuid = "dbd42e4c-a39c-4ac0-826a-1690e66edc7e";
    assert.is(invoked.told[0]?.uuid, seedUuid);
    const [batch] = invoked.calls.map(({ input }) => input.ChangeBatch as { Comment: string });
    assert.is(batch?.Comment, `update-route53 ${seedUuid}`);
    assert.equal(
      invoked.metrics.map(({ FunctionName, Applied }) => [FunctionName, Applied]),
      [["updater", 1]],
    );
  });

  test("writes the same lines in the text format, too", async () => {
    const invoked = await deployed.invoke(plainEvent, { logFormat: "Text" });
    assert.equal(invoked.answer, NO_FAILURES);
    assert.equal(outcomesIn(invoked), ["applied somedomain.com"]);
  });

  test("applies apex, wildcard, IDN and both families, and drops poison and forgery", async () => {
    const forged = { ...signed("attic.example.com", "81.2.3.4"), fqdn: parseFqdn("example.com") };
    const event = kinesisEvent([
      asking("example.com"),
      asking("*.dyn.example.com"),
      asking("*.dyn.example.com", "2600:0:0::1"),
      asking("BÜCHER.dyn.example.com."),
      "\u0000\u0001",
      asking("attic.example.com"),
      asking("home.example.com.evil.org"),
      { data: encodeAddressUpdate(forged) },
      { data: encodeAddressUpdate(signed("attic.example.com", "81.2.3.9")) },
      asking("x.dyn.example.com", "192.168.1.1"),
    ]);
    const { answer, told } = await deployed.invoke(event);
    assert.equal(answer, NO_FAILURES);
    assert.equal(deployed.heldBy("ZEXAMPLE", "example.com."), ["60 A 81.2.3.4"]);
    assert.equal(deployed.heldBy("ZEXAMPLE", "attic.example.com."), ["60 A 81.2.3.9"]);
    // As Route 53 writes an asterisk.
    assert.equal(deployed.heldBy("ZDYN", "\\052.dyn.example.com."), ["60 A 81.2.3.4", "60 AAAA 2600::1"]);
    assert.equal(deployed.heldBy("ZDYN", "xn--bcher-kva.dyn.example.com."), ["60 A 81.2.3.4"]);
    const reasons = told.filter(({ outcome }) => outcome === "refused").map(({ reason }) => reason);
    const forbidden = ["name-not-allowed", "name-outside-zones", "name-not-allowed"];
    assert.equal(reasons, ["payload-malformed", ...forbidden, "address-not-public"]);
  });

  test("calls Route 53 as often as its settings allow", async () => {
    const path = join(deployed.folder, "slow.json");
    await writeFile(path, JSON.stringify({ ...settings, callsPerSecond: 0.005 }));
    const event = kinesisEvent([asking("example.com"), asking("a.dyn.example.com")]);
    const invoked = await deployed.invoke(event, {
      environment: { AWS_ENDPOINT_URL_ROUTE_53: deployed.route53.url, UPDATE_ROUTE53_SETTINGS: path },
    });
    assert.equal(invoked.answer, { batchItemFailures: [{ itemIdentifier: sequenceNumberAt(1) }] });
    assert.equal(outcomesIn(invoked), ["applied example.com", "unapplied deadline a.dyn.example.com"]);
  });

  const wrongSettings: [name: string, text: string, message: RegExp][] = [
    [
      "what is wrong with the settings",
      '{"zones":[]}',
      /^Error: settings: zones: expected a list of zones, at least one, got \[\]$/,
    ],
    [
      "that the settings are no JSON",
      "{",
      /^Error: settings: expected a JSON document at \S*wrong\.json, got Expected property name .*$/,
    ],
  ];
  for (const [name, text, message] of wrongSettings) {
    test(`says in one line ${name}`, async () => {
      const path = join(deployed.folder, "wrong.json");
      await writeFile(path, text);
      const environment = { UPDATE_ROUTE53_SETTINGS: path };
      const { answer, calls } = await deployed.invoke(plainEvent, { environment });
      assert.match(String(answer), message);
      assert.equal(calls, []);
    });
  }
});
