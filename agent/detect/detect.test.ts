import { assert, describe } from "../../scripts/describe.ts";
import { detect, detectThoroughly, judge, type Source } from "./detect.ts";

const { signal } = new AbortController();

function source(name: string, text: string, asked: string[] = []): Source {
  return {
    name,
    async ask(family) {
      asked.push(name);
      return { ...judge(name, text, family), answers: [] };
    },
  };
}

describe("detect", (test) => {
  test("takes the first source that knows, and asks no further", async () => {
    const asked: string[] = [];
    const sources = [
      source("a", "10.0.0.1", asked),
      source("b", "1.2.3.4", asked),
      source("c", "8.8.8.8", asked),
    ];
    const detection = await detect("ipv4", sources, signal);
    assert.is(detection.state === "known" && detection.address.text, "1.2.3.4");
    assert.equal(asked, ["a", "b"]);
  });

  test("gives every source's reason where none knows", async () => {
    const detection = await detect("ipv4", [source("a", "100.64.0.1"), source("b", "<html>")], signal);
    assert.is(
      detection.state === "unavailable" && detection.reason,
      'a: 100.64.0.1 is not public: 100.64.0.0/10 is shared address space (RFC 6598), your provider uses carrier-grade NAT: this address is shared, and the Internet cannot reach it; b: expected an address, got "<html>"',
    );
  });
});

describe("detectThoroughly", (test) => {
  test("asks every source, and decides as detect does", async () => {
    const asked: string[] = [];
    const sources = [source("a", "", asked), source("b", "1.2.3.4", asked), source("c", "8.8.8.8", asked)];
    const detection = await detectThoroughly("ipv4", sources, signal);
    assert.is(detection.state === "known" && detection.address.text, "1.2.3.4");
    assert.equal(asked, ["a", "b", "c"]);
  });
});

describe("judge", (test) => {
  test("does not take an address of the other family", () => {
    assert.equal(judge("s", "2600::1", "ipv4"), {
      from: "s",
      state: "unavailable",
      reason: "expected an ipv4 address, got 2600::1",
    });
  });
});
