import { generateKeyPairSync } from "node:crypto";
import { kinesisEvent } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { parseAddress } from "./contract/address.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { encodeAddressUpdate } from "./contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "./contract/signature.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

const ARRIVED_AT_MS = 1_543_618_890_885;
const ZONES = 12;
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const settings = parseSettings({
  zones: Array.from({ length: ZONES }, (_, index) => ({ name: `z${index}.example.com`, id: `Z${index}` })),
  devices: [{ name: "attic", domains: ["*.z0.example.com"], publicKeys: [formatPublicKey(publicKey)] }],
  unsignedDomains: Array.from({ length: ZONES - 1 }, (_, index) => `home.z${index + 1}.example.com`),
});

function update(zone: number, ip: string) {
  const uuid = `00000000-0000-4000-8000-${String(zone).padStart(12, "0")}`;
  return { fqdn: parseFqdn(`home.z${zone}.example.com`), address: parseAddress(ip), uuid };
}

function signed(ip: string, agoMs: number) {
  const issuedAt = new Date(ARRIVED_AT_MS - agoMs).toISOString();
  return encodeAddressUpdate(signAddressUpdate({ ...update(0, ip), device: "attic", issuedAt }, privateKey));
}

describe("an event that there is no time for", (test) => {
  test("becomes shorter by every delivery, though its first update overruled its last one", async () => {
    const plain = Array.from({ length: ZONES - 1 }, (_, index) =>
      encodeAddressUpdate(update(index + 1, "81.2.3.4")),
    );
    const event = kinesisEvent(
      [signed("81.2.3.9", 0), ...plain, signed("81.2.3.8", 5_000)].map((data) => ({ data })),
    );
    const clock = createVirtualClock(ARRIVED_AT_MS);
    const changed = new Set<string>();
    const lines: string[] = [];
    const handler = createHandler(settings, {
      ...clock,
      pace: createPace(5, 1_000),
      random: () => 1,
      write: (written) => lines.push(...written),
      send: async ({ zone }) => {
        await clock.sleep(100);
        changed.add(zone.id);
        return "C1";
      },
    });
    let left = event.Records;
    for (let delivery = 0; left.length > 0; delivery += 1) {
      const endsAtMs = clock.now() + 3_000;
      const getRemainingTimeInMillis = () => endsAtMs - clock.now();
      const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
      const { batchItemFailures } = await handler({ Records: left }, context);
      const from = batchItemFailures[0]?.itemIdentifier;
      const next = left.findIndex(({ kinesis }) => kinesis.sequenceNumber === from);
      assert.ok(next !== 0, `delivery ${delivery} did not move on`);
      left = next < 0 ? [] : left.slice(next);
      await clock.sleep(1_000);
    }
    assert.is(changed.size, ZONES);
    const warning = "no time to deliver again what overruled later updates, so that an older address may win";
    assert.is(lines.filter((line) => JSON.parse(line).message === warning).length, 1);
  });
});
