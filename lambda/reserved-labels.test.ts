import { assert, describe } from "../scripts/describe.ts";
import { isFreeLabel, isServiceLabel } from "./reserved-labels.ts";

describe("isFreeLabel", (test) => {
  const reserved = "ns ns1 ns-12 ns01 ns1-02 dns dns2 soa nameserver name-server2".split(" ");
  reserved.push(..."ns1a nsa ns-a ns-eu-1 ns1-v6 pns1 ans1 sns primary-ns ns_1 my_ns".split(" "));
  reserved.push(..."pdns adns2 dns-a dnsb dns-over-https".split(" "));
  reserved.push(..."nameservers name-servers soa1 hidden-soa".split(" "));
  reserved.push("_acme-challenge", "_443", "_tcp", "_dmarc", "_");
  reserved.push("wpad", "isatap", "autoconfig", "autodiscover", "mta-sts", "openpgpkey");
  for (const label of reserved) test(`reserves ${label}`, () => assert.not.ok(isFreeLabel(label)));

  const free = ["*", "www", "my_router", "1", "xn--bcher-kva", "xn--ns1-abc", "mta"];
  free.push(..."dnsmasq ddns nsfw nas lens ens18 answers soap insects nameserverless".split(" "));
  for (const label of free) test(`leaves ${label} free`, () => assert.ok(isFreeLabel(label)));

  test("takes no time for the longest label", () => {
    const startedAt = process.cpuUsage();
    assert.ok(isFreeLabel("ns-".repeat(20).replaceAll("ns", "nx")));
    assert.ok(isFreeLabel("-".repeat(63)));
    assert.not.ok(isFreeLabel(`ns${"1".repeat(60)}x`));
    assert.ok(process.cpuUsage(startedAt).user < 100_000);
  });
});

describe("isServiceLabel", (test) => {
  test("knows a service by its first character", () => {
    assert.equal(["_tcp", "my_router", "ns1", "*"].map(isServiceLabel), [true, false, false, false]);
  });
});
