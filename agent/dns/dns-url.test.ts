import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { parseDnsUrl } from "./dns-url.ts";

/** The parsed URL on one line, or "refused". */
function told(url: string): string {
  const parsed = parseDnsUrl(new URL(url));
  if (!parsed) return "refused";
  const { server, question } = parsed;
  return `${server.host} ${server.port} ${question.name} ${question.class} ${question.type}`;
}

describe("parseDnsUrl", (test) => {
  const label63 = "a".repeat(63);
  const name253 = [label63, label63, label63, "a".repeat(61)].join(".");
  const cases: [string, string][] = [
    ["dns://208.67.222.222/myip.opendns.com?type=A", "208.67.222.222 53 myip.opendns.com IN A"],
    ["dns://[2620:119:35::35]/myip.opendns.com?type=AAAA", "2620:119:35::35 53 myip.opendns.com IN AAAA"],
    ["dns://1.1.1.1:5353/whoami.cloudflare?type=TXT;class=CH", "1.1.1.1 5353 whoami.cloudflare CH TXT"],
    ["dns://1.1.1.1/whoami.cloudflare?class=CH&type=TXT", "1.1.1.1 53 whoami.cloudflare CH TXT"],
    ["dns://[2620:119::35]:5353/x.example", "2620:119::35 5353 x.example IN A"],
    ["DNS://1.1.1.1/x.example?clAsS=IN;tYpE=txt", "1.1.1.1 53 x.example IN TXT"],
    ["dns://1.1.1.1/o-o.my_addr.L.Google.com.", "1.1.1.1 53 o-o.my_addr.L.Google.com IN A"],
    ["dns://1.1.1.1/localhost?", "1.1.1.1 53 localhost IN A"],
    [`dns://1.1.1.1/${name253}`, `1.1.1.1 53 ${name253} IN A`],
    [`dns://1.1.1.1/${name253}b`, "refused"],
    [`dns://1.1.1.1/a${label63}.example`, "refused"],
    ["https://1.1.1.1/x.example", "refused"],
    ["dns:x.example", "refused"],
    ["dns:///x.example", "refused"],
    ["dns://resolver.example/x.example", "refused"],
    ["dns://1.1.1/x.example", "refused"],
    ["dns://01.1.1.1/x.example", "refused"],
    ["dns://1.1.1.1:0/x.example", "refused"],
    ["dns://user@1.1.1.1/x.example", "refused"],
    ["dns://1.1.1.1/x.example#a", "refused"],
    ["dns://1.1.1.1/", "refused"],
    ["dns://1.1.1.1", "refused"],
    ["dns://1.1.1.1/a..b", "refused"],
    ["dns://1.1.1.1/a/b", "refused"],
    ["dns://1.1.1.1/a%2eb", "refused"],
    ["dns://1.1.1.1/*.example", "refused"],
    ["dns://1.1.1.1/x.example?type=MX", "refused"],
    ["dns://1.1.1.1/x.example?type=", "refused"],
    ["dns://1.1.1.1/x.example?type", "refused"],
    ["dns://1.1.1.1/x.example?class=HS", "refused"],
    ["dns://1.1.1.1/x.example?typ=A", "refused"],
    ["dns://1.1.1.1/x.example?type=A;type=TXT", "refused"],
    ["dns://1.1.1.1/x.example?type=A;", "refused"],
  ];
  for (const [url, expected] of cases) {
    test(`takes ${url} as ${expected}`, () => assert.is(told(url), expected));
  }

  test("gives a name that DNS can carry, or nothing, for any path and query", () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const parsed = parseDnsUrl(new URL(`dns://1.1.1.1${path || "/"}?${query}`));
        const labels = parsed?.question.name.split(".") ?? ["a"];
        assert.ok(labels.every((label) => /^[\w-]{1,63}$/.test(label)));
      }),
    );
  });
});
