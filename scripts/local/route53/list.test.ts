import type { RRType } from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import { listHostedZones, listHostedZonesByName, listResourceRecordSets } from "./list.ts";
import { parseName } from "./name.ts";
import type { RrsetType } from "./value.ts";
import { applyStaged, createZone, type Zone } from "./zone.ts";

const nameServers = ["ns-1.test."];

function zoneWith(rrsets: readonly (readonly [name: string, ...types: RrsetType[]])[]): Zone {
  const zone = createZone({ id: "Z1", name: "example.com.", nameServers });
  for (const [text, ...types] of rrsets) {
    const name = parseName(text);
    const all = types.map((type) => [type, { name, type, ttlSeconds: 60, values: ["v"] }] as const);
    applyStaged(zone, new Map([[name, new Map(all)]]));
  }
  return zone;
}

interface Page {
  readonly name?: string;
  readonly type?: string;
  readonly maxItems?: number;
}

function page(zone: Zone, { name, type, maxItems }: Page = {}) {
  const output = listResourceRecordSets(zone, {
    HostedZoneId: "Z1",
    StartRecordName: name,
    StartRecordType: type as RRType,
    MaxItems: maxItems,
  });
  const rrsets = output.ResourceRecordSets?.map(({ Name, Type }) => `${Name} ${Type}`);
  return {
    rrsets,
    next: [output.IsTruncated, output.NextRecordName, output.NextRecordType],
    max: output.MaxItems,
  };
}

describe("ListResourceRecordSets", (test) => {
  const zone = zoneWith([
    ["b.example.com", "TXT", "A", "AAAA"],
    ["a.example.com", "A"],
    ["a-b.example.com", "A"],
    ["x.a.example.com", "A"],
    ["*.example.com", "A"],
  ]);
  const all = [
    "example.com. NS",
    "example.com. SOA",
    "\\052.example.com. A",
    "a-b.example.com. A",
    "a.example.com. A",
    "x.a.example.com. A",
    "b.example.com. A",
    "b.example.com. AAAA",
    "b.example.com. TXT",
  ];

  test("orders by reversed labels, then by type", () => {
    assert.equal(page(zone), { rrsets: all, next: [false, undefined, undefined], max: 300 });
  });

  test("gives a record set whole", () => {
    const { ResourceRecordSets } = listResourceRecordSets(zone, { HostedZoneId: "Z1", MaxItems: 1 });
    assert.equal(ResourceRecordSets, [
      { Name: "example.com.", Type: "NS", TTL: 172_800, ResourceRecords: [{ Value: "ns-1.test." }] },
    ]);
  });

  const starts: readonly (readonly [string, Page, number])[] = [
    ["a name that is there", { name: "a.example.com" }, 4],
    ["a name in any case or escape", { name: "\\052.EXAMPLE.com." }, 2],
    ["the unescaped name", { name: "*.example.com." }, 2],
    ["a name that is not there", { name: "a0.example.com" }, 6],
    ["a name and a type", { name: "b.example.com", type: "AAAA" }, 7],
    ["a type that the name lacks", { name: "a.example.com", type: "TXT" }, 5],
    ["a name after all others", { name: "z.example.com" }, 9],
  ];
  for (const [title, start, index] of starts) {
    test(`starts at ${title}`, () => assert.equal(page(zone, start).rrsets, all.slice(index)));
  }

  test("gives every record set once, page by page, whatever the size of a page", () => {
    for (const maxItems of [1, 2, 4, 9, 10]) {
      const found: string[] = [];
      let start: Page | undefined = {};
      while (start) {
        const { rrsets = [], next }: ReturnType<typeof page> = page(zone, { ...start, maxItems });
        assert.ok(rrsets.length <= maxItems);
        found.push(...rrsets);
        start = next[0] ? ({ name: next[1], type: next[2] } as Page) : undefined;
      }
      assert.equal(found, all);
    }
  });

  test("gives 300 to whoever asks for more", () => {
    const large = zoneWith(
      Array.from({ length: 301 }, (_, index) => [`h${index}.example.com`, "A"] as const),
    );
    const { rrsets, next, max } = page(large, { maxItems: 1_000 });
    assert.equal([rrsets?.length, next[0], max], [300, true, 300]);
  });

  test("refuses a type without a name, a bad name, and a page of nothing", () => {
    assert.throws(() => page(zone, { type: "A" }), /^Invalid request: a start type needs a start name$/);
    assert.throws(
      () => page(zone, { name: "a..b" }),
      /^FATAL problem: DomainLabelEmpty \(Domain label is empty\) encountered with 'a\.\.b'$/,
    );
    assert.throws(
      () => page(zone, { maxItems: 0 }),
      /^Invalid request: maxitems must be an integer of at least 1, got 0$/,
    );
  });
});

describe("the list of hosted zones", (test) => {
  const zones = ["example.org.", "b.example.com.", "example.com."].map((name, index) =>
    createZone({ id: `Z${index + 1}`, name, nameServers }),
  );

  test("tells each zone and where the next page starts", () => {
    const first = listHostedZones(zones, { MaxItems: 2 });
    assert.equal(first.HostedZones?.[0], {
      Id: "/hostedzone/Z1",
      Name: "example.org.",
      CallerReference: "local-Z1",
      Config: { PrivateZone: false },
      ResourceRecordSetCount: 2,
    });
    assert.equal([first.IsTruncated, first.NextMarker, first.MaxItems], [true, "Z3", 2]);
    const second = listHostedZones(zones, { Marker: "Z3" });
    assert.equal(
      second.HostedZones?.map(({ Name }) => Name),
      ["example.com."],
    );
    assert.equal(
      [second.IsTruncated, second.NextMarker, second.MaxItems, second.Marker],
      [false, undefined, 100, "Z3"],
    );
    assert.throws(
      () => listHostedZones(zones, { Marker: "Z9" }),
      /no hosted zone to start with has the ID Z9$/,
    );
  });

  const byName: readonly (readonly [string, object, string[], unknown[]])[] = [
    ["all", {}, ["Z3", "Z2", "Z1"], [false, undefined, undefined]],
    ["from a name", { DNSName: "B.example.com" }, ["Z2", "Z1"], [false, undefined, undefined]],
    [
      "from a name and an id past it",
      { DNSName: "b.example.com", HostedZoneId: "Z3" },
      ["Z1"],
      [false, undefined, undefined],
    ],
    ["one", { MaxItems: 1 }, ["Z3"], [true, "b.example.com.", "Z2"]],
  ];
  for (const [title, input, ids, next] of byName) {
    test(`by name gives ${title}, by reversed labels`, () => {
      const output = listHostedZonesByName(zones, input);
      assert.equal(
        output.HostedZones?.map(({ Id }) => Id),
        ids.map((id) => `/hostedzone/${id}`),
      );
      assert.equal([output.IsTruncated, output.NextDNSName, output.NextHostedZoneId], next);
    });
  }

  test("by name refuses an id without a name", () => {
    assert.throws(
      () => listHostedZonesByName(zones, { HostedZoneId: "Z1" }),
      /a hosted zone ID needs a DNS name$/,
    );
  });
});
