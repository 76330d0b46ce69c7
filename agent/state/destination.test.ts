import { assert, describe } from "../../scripts/describe.ts";
import { destinationOfSettings } from "./destination.ts";

describe("destinationOfSettings", (test) => {
  test("tells streams, regions and senders apart", () => {
    const base = { stream: "s", region: "eu-west-1" };
    const named = { ...base, "device.name": "attic" };
    const all = [
      base,
      { ...base, region: "us-east-1" },
      { stream: "t" },
      named,
      { ...named, "device.private_key_file": "k" },
    ];
    assert.equal(all.map(destinationOfSettings), [
      "s@eu-west-1",
      "s@us-east-1",
      "t@",
      "s@eu-west-1 as attic",
      "s@eu-west-1 as attic, signed",
    ]);
  });
});
