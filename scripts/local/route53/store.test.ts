import type { ChangeBatch } from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import { parseName } from "./name.ts";
import {
  addHostedZone,
  createStore,
  deleteHostedZone,
  describeChange,
  type Route53Store,
  submitChangeBatch,
  type Visibility,
  zoneHolding,
  zoneWithId,
} from "./store.ts";

const NAME = "home.example.com.";

function upsert(value: string): ChangeBatch {
  const ResourceRecords = [{ Value: value }];
  const ResourceRecordSet = { Name: NAME, Type: "A" as const, TTL: 60, ResourceRecords };
  return { Comment: "why", Changes: [{ Action: "UPSERT", ResourceRecordSet }] };
}

function seen(store: Route53Store, visibility: Visibility, nowMs: number): readonly string[] | undefined {
  const zone = zoneHolding(store, NAME, { visibility, nowMs });
  return zone?.rrsetsByName.get(NAME)?.get("A")?.values;
}

describe("a Route 53 store", (test) => {
  const zones = [{ name: "Example.com", id: "Z1" }];

  test("takes a change at once and shows it everywhere once it is in sync", () => {
    const store = createStore(zones, 1_000);
    const submitted = submitChangeBatch(store, { id: "Z1", changeBatch: upsert("192.0.2.1"), nowMs: 5_000 });
    assert.match(submitted.Id ?? "", /^\/change\/C[0-9A-Z]{19}$/);
    const expected = { Id: submitted.Id, SubmittedAt: new Date(5_000), Comment: "why" };
    assert.equal(submitted, { ...expected, Status: "PENDING" });
    assert.equal(seen(store, "accepted", 5_000), ["192.0.2.1"]);
    assert.is(seen(store, "insync", 5_999), undefined);
    assert.equal(describeChange(store, submitted.Id, 5_999), { ...expected, Status: "PENDING" });
    assert.equal(describeChange(store, submitted.Id?.replace("/change/", ""), 6_000), {
      ...expected,
      Status: "INSYNC",
    });
    assert.equal(seen(store, "insync", 6_000), ["192.0.2.1"]);
  });

  test("brings changes in sync in their order", () => {
    const store = createStore(zones, 1_000);
    submitChangeBatch(store, { id: "Z1", changeBatch: upsert("192.0.2.1"), nowMs: 0 });
    submitChangeBatch(store, { id: "Z1", changeBatch: upsert("192.0.2.2"), nowMs: 500 });
    assert.equal(seen(store, "accepted", 500), ["192.0.2.2"]);
    assert.equal(seen(store, "insync", 1_000), ["192.0.2.1"]);
    assert.equal(seen(store, "insync", 1_500), ["192.0.2.2"]);
  });

  test("answers PENDING to a change that is in sync already, and gives every change an id of its own", () => {
    const store = createStore(zones);
    const ids = [1, 2].map(() => {
      const info = submitChangeBatch(store, { id: "Z1", changeBatch: upsert("192.0.2.1"), nowMs: 0 });
      assert.is(info.Status, "PENDING");
      assert.is(describeChange(store, info.Id, 0).Status, "INSYNC");
      return info.Id;
    });
    assert.is(new Set(ids).size, 2);
  });

  test("never brings a change in sync where told so", () => {
    const store = createStore(zones, Number.POSITIVE_INFINITY);
    const { Id } = submitChangeBatch(store, { id: "Z1", changeBatch: upsert("192.0.2.1"), nowMs: 0 });
    assert.is(describeChange(store, Id, Number.MAX_SAFE_INTEGER).Status, "PENDING");
  });

  test("finds zones by id with or without its prefix, and the closest one above a name", () => {
    const store = createStore([...zones, { name: "sub.example.com", id: "Z2" }]);
    assert.equal(
      ["Z1", "/hostedzone/Z1"].map((id) => zoneWithId(store, id).name),
      ["example.com.", "example.com."],
    );
    const closest = (name: string) =>
      zoneHolding(store, parseName(name), { visibility: "accepted", nowMs: 0 })?.id;
    assert.equal(
      ["example.com", "a.b.example.com", "sub.example.com", "a.sub.example.com", "badexample.com", "com"].map(
        closest,
      ),
      ["Z1", "Z1", "Z2", "Z2", undefined, undefined],
    );
  });

  test("makes the same id for a zone on every run", () => {
    const [first, second] = [1, 2].map(() => addHostedZone(createStore([]), { name: "example.org" }));
    assert.match(first ?? "", /^Z[0-9A-Z]{19}$/);
    assert.is(first, second);
  });

  test("forgets a zone deleted by hand, and takes its name again", () => {
    const store = createStore(zones);
    deleteHostedZone(store, "/hostedzone/Z1");
    assert.throws(
      () => zoneWithId(store, "/hostedzone/Z1"),
      /^NoSuchHostedZone: No hosted zone found with ID: Z1$|^No hosted zone found with ID: Z1$/,
    );
    assert.is(seen(store, "accepted", 0), undefined);
    assert.throws(
      () => submitChangeBatch(store, { id: "Z1", changeBatch: upsert("192.0.2.1"), nowMs: 0 }),
      /^No hosted zone found with ID: Z1$/,
    );
    addHostedZone(store, { name: "example.com", id: "Z3" });
    assert.is(zoneWithId(store, "Z3").name, "example.com.");
  });

  test("refuses two zones of one name or one id, and a change no one made", () => {
    const store = createStore(zones);
    assert.throws(
      () => addHostedZone(store, { name: "example.com", id: "Z2" }),
      /^hosted zone example\.com\. \(Z2\): expected another name and id than those of example\.com\. \(Z1\)$/,
    );
    assert.throws(
      () => addHostedZone(store, { name: "example.org", id: "Z1" }),
      /than those of example\.com\. \(Z1\)$/,
    );
    assert.throws(() => describeChange(store, "/change/C0", 0), /^Could not find resource with ID: C0$/);
  });
});
