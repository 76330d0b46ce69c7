import { isIP, SocketAddress } from "node:net";
import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { addressFamily, parseAddress, parsePublicAddress, specialRange } from "./address.ts";
import { specialIpv4Ranges, specialIpv6Ranges } from "./special-ranges.ts";

const cidrOf = (text: string) => specialRange(parseAddress(text))?.cidr;

describe("parseAddress", (test) => {
  const spellings: [string, string][] = [
    ["1.2.3.4", "1.2.3.4"],
    ["2600:0:0:0:0:0:0:1", "2600::1"],
    ["2600:DB8::A", "2600:db8::a"],
    // RFC 5952 section 4.2.2: one group of zeros is not shortened; 4.2.3: the longest run, else the first.
    ["2600:0:1:1:1:1:1:1", "2600:0:1:1:1:1:1:1"],
    ["2600:0:0:1:0:0:0:1", "2600:0:0:1::1"],
    ["2600:0:0:1:1:0:0:1", "2600::1:1:0:0:1"],
    ["2600:0001::00ab", "2600:1::ab"],
    ["2600::1.2.3.4", "2600::102:304"],
    ["::1.2.3.4", "::102:304"],
  ];
  for (const [text, canonical] of spellings) {
    test(`spells ${text} as ${canonical}`, () => assert.is(parseAddress(text).text, canonical));
  }

  const malformed = ["", " 1.2.3.4", "1.2.3.4\n", "1.2.3", "01.2.3.4", "0x1.2.3.4", "16909060", "1.2.3.256"];
  malformed.push(
    "1.2.3.4.",
    "1.2.3.4/32",
    "::g",
    "1::2::3",
    "fe80::1%eth0",
    "[2600::1]",
    "2600:::1",
    "١.٢.٣.٤",
  );
  for (const text of malformed) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseAddress(text), /^expected an IPv4 or IPv6 address, got "/);
    });
  }

  test("accepts what the system's inet_pton does, and nothing else", () => {
    const nearly = fc.stringMatching(/^[0-9a-f:.x%]{1,20}$/);
    const mangled = fc
      .tuple(
        fc.oneof(fc.ipV4(), fc.ipV6()),
        fc.nat(20),
        fc.constantFrom("", "0", ":", ".", "1", "g", "%1", " "),
      )
      .map(([text, at, inserted]) => text.slice(0, at) + inserted + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(nearly, mangled, fc.ipV6()), (text) => {
        const expected = text.includes("%") ? 0 : isIP(text);
        assert.is(addressFamily(text), expected === 0 ? undefined : `ipv${expected}`, text);
      }),
      { numRuns: 5000 },
    );
  });

  test("keeps every IPv4 address as it is", () => {
    fc.assert(fc.property(fc.ipV4(), (text) => parseAddress(text).text === text));
  });

  test("spells every IPv6 address as the system's inet_ntop does, and its own output the same", () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const { text: canonical } = parseAddress(text);
        // inet_ntop writes some addresses below ::/64 with a dotted quad.
        const { address } = new SocketAddress({ address: text, family: "ipv6" });
        if (!address.includes(".")) assert.is(canonical, address);
        assert.is(parseAddress(canonical).text, canonical);
      }),
    );
  });
});

describe("specialRange", (test) => {
  // First and last address of each block, and the addresses next to it.
  const edges: [string, string | undefined][] = [
    ["0.0.0.0", "0.0.0.0/32"],
    ["0.0.0.1", "0.0.0.0/8"],
    ["0.255.255.255", "0.0.0.0/8"],
    ["1.0.0.0", undefined],
    ["9.255.255.255", undefined],
    ["10.0.0.0", "10.0.0.0/8"],
    ["10.255.255.255", "10.0.0.0/8"],
    ["11.0.0.0", undefined],
    ["100.63.255.255", undefined],
    ["100.64.0.0", "100.64.0.0/10"],
    ["100.127.255.255", "100.64.0.0/10"],
    ["100.128.0.0", undefined],
    ["126.255.255.255", undefined],
    ["127.0.0.1", "127.0.0.0/8"],
    ["128.0.0.0", undefined],
    ["169.253.255.255", undefined],
    ["169.254.255.255", "169.254.0.0/16"],
    ["172.15.255.255", undefined],
    ["172.16.0.0", "172.16.0.0/12"],
    ["172.31.255.255", "172.16.0.0/12"],
    ["172.32.0.0", undefined],
    ["192.0.0.7", "192.0.0.0/29"],
    ["192.0.0.8", "192.0.0.8/32"],
    ["192.0.0.9", "192.0.0.9/32"],
    ["192.0.0.10", "192.0.0.10/32"],
    ["192.0.0.11", "192.0.0.0/24"],
    ["192.0.0.171", "192.0.0.170/31"],
    ["192.0.1.0", undefined],
    ["192.0.2.255", "192.0.2.0/24"],
    ["192.0.3.0", undefined],
    ["192.31.196.1", "192.31.196.0/24"],
    ["192.52.193.1", "192.52.193.0/24"],
    ["192.88.99.2", "192.88.99.2/32"],
    ["192.88.99.3", "192.88.99.0/24"],
    ["192.167.255.255", undefined],
    ["192.168.255.255", "192.168.0.0/16"],
    ["192.169.0.0", undefined],
    ["192.175.48.1", "192.175.48.0/24"],
    ["198.17.255.255", undefined],
    ["198.19.255.255", "198.18.0.0/15"],
    ["198.20.0.0", undefined],
    ["198.51.100.1", "198.51.100.0/24"],
    ["203.0.113.1", "203.0.113.0/24"],
    ["223.255.255.255", undefined],
    ["224.0.0.0", "224.0.0.0/4"],
    ["239.255.255.255", "224.0.0.0/4"],
    ["240.0.0.0", "240.0.0.0/4"],
    ["255.255.255.254", "240.0.0.0/4"],
    ["255.255.255.255", "255.255.255.255/32"],
    ["::", "::/128"],
    ["::1", "::1/128"],
    ["::2", "::/96"],
    ["::8.8.8.8", "::/96"],
    ["::ffff:8.8.8.8", "::ffff:0:0/96"],
    ["::1:0:0:0", "::/0"],
    ["64:ff9b::8.8.8.8", "64:ff9b::/96"],
    ["64:ff9b:1:ffff::", "64:ff9b:1::/48"],
    ["64:ff9b:2::", "::/0"],
    ["100::ffff", "100::/64"],
    ["100:0:0:1::1", "100:0:0:1::/64"],
    ["1fff:ffff::", "::/0"],
    ["2000::", undefined],
    ["2001:0:1::", "2001::/32"],
    ["2001:1::1", "2001:1::1/128"],
    ["2001:1::2", "2001:1::2/128"],
    ["2001:1::3", "2001:1::3/128"],
    ["2001:1::4", "2001::/23"],
    ["2001:2:0:1::", "2001:2::/48"],
    ["2001:3::1", "2001:3::/32"],
    ["2001:4:112::1", "2001:4:112::/48"],
    ["2001:1f:ffff::", "2001:10::/28"],
    ["2001:2f::", "2001:20::/28"],
    ["2001:3f::", "2001:30::/28"],
    ["2001:1ff:ffff::", "2001::/23"],
    ["2001:200::", undefined],
    ["2001:db7:ffff::", undefined],
    ["2001:db8:ffff::", "2001:db8::/32"],
    ["2001:db9::", undefined],
    ["2002:102:304::1", undefined],
    ["2002:a00:1::1", "10.0.0.0/8"],
    ["2002:6440:1::1", "100.64.0.0/10"],
    ["2620:4f:8000::1", "2620:4f:8000::/48"],
    ["2620:4f:8001::1", undefined],
    ["3fff:fff:ffff::", "3fff::/20"],
    ["3fff:1000::", undefined],
    ["4000::", "::/0"],
    ["5f00::1", "5f00::/16"],
    ["fbff::", "::/0"],
    ["fc00::", "fc00::/7"],
    ["fdff:ffff::", "fc00::/7"],
    ["fe80::1", "fe80::/10"],
    ["febf:ffff::", "fe80::/10"],
    ["fec0::1", "fec0::/10"],
    ["ff02::1", "ff00::/8"],
  ];
  for (const [text, cidr] of edges) test(`of ${text} is ${cidr}`, () => assert.is(cidrOf(text), cidr));

  test("has every row within reach: none hides behind a wider one before it", () => {
    for (const { cidr } of [...specialIpv4Ranges, ...specialIpv6Ranges]) {
      const reached = edges.some(([, found]) => found === cidr);
      assert.ok(reached, `no address above is in ${cidr}`);
    }
  });

  test("leaves only 2000::/3 of IPv6", () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), (words) => {
        const text = words.map((part) => part.toString(16)).join(":");
        const inGlobalUnicast = ((words[0] ?? 0) & 0xe000) === 0x2000;
        assert.ok(inGlobalUnicast || cidrOf(text) !== undefined);
      }),
    );
  });
});

describe("parsePublicAddress", (test) => {
  const messages: [string, string][] = [
    [
      "10.0.0.1",
      "10.0.0.1 is not public: 10.0.0.0/8 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it",
    ],
    [
      "100.64.1.1",
      "100.64.1.1 is not public: 100.64.0.0/10 is shared address space (RFC 6598), your provider uses carrier-grade NAT: this address is shared, and the Internet cannot reach it",
    ],
    [
      "FE80::1",
      "fe80::1 is not public: fe80::/10 is link-local (RFC 4291), it only exists on one cable or radio link",
    ],
  ];
  for (const [text, message] of messages) {
    test(`says why ${text} is refused`, () => {
      let found = "";
      try {
        parsePublicAddress(text);
      } catch (error) {
        found = error instanceof Error ? error.message : "";
      }
      assert.is(found, message);
    });
  }

  test("accepts a public address of each family", () => {
    assert.equal(parsePublicAddress("1.2.3.4"), { family: "ipv4", text: "1.2.3.4" });
    assert.equal(parsePublicAddress("2600::0:1"), { family: "ipv6", text: "2600::1" });
  });
});
