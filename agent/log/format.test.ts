import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { formatLogLine, type LogLine, logFormats } from "./format.ts";

const time = new Date("2026-01-31T23:59:59.123Z");
const line = (more: Partial<LogLine> = {}): LogLine => ({ time, level: "info", message: "text", ...more });

describe("formatLogLine", (test) => {
  const cases: [LogLine, plain: string, human: string, json: string, syslog: string][] = [
    [
      line({ level: "debug" }),
      "debug: text",
      "\u001b[2mdebug: \u001b[22mtext",
      '{"time":"2026-01-31T23:59:59.123Z","level":"debug","message":"text"}',
      "<7>text",
    ],
    [
      line(),
      "text",
      "text",
      '{"time":"2026-01-31T23:59:59.123Z","level":"info","message":"text"}',
      "<6>text",
    ],
    [
      line({ level: "warn" }),
      "warning: text",
      "\u001b[33mwarning: \u001b[39mtext",
      '{"time":"2026-01-31T23:59:59.123Z","level":"warn","message":"text"}',
      "<4>text",
    ],
    [
      line({ level: "error", fields: { uuid: "u", attempts: 3 } }),
      "error: text",
      "\u001b[31merror: \u001b[39mtext",
      '{"time":"2026-01-31T23:59:59.123Z","level":"error","message":"text","uuid":"u","attempts":3}',
      "<3>text",
    ],
    [
      line({ level: "error", isFinal: true, fields: { exitCode: 64 } }),
      "update-route53: text",
      "\u001b[31mupdate-route53: \u001b[39mtext",
      '{"time":"2026-01-31T23:59:59.123Z","level":"error","message":"text","exitCode":64}',
      "<3>text",
    ],
  ];
  for (const [given, plain, human, json, syslog] of cases) {
    test(`writes ${given.level}${given.isFinal ? ", the last one," : ""} in every form`, () => {
      const written = logFormats.map((format) => formatLogLine(given, format));
      assert.equal(written, [human, plain, json, syslog]);
    });
  }

  test("makes one line of several, and harmless what would steer a terminal", () => {
    const message = "\n a\r\n   at b\u2028c\u001b[2J\u009b31m\u202egnp.\u{e0041}\n";
    const expected = "a at b c\\u001b[2J\\u009b31m\\u202egnp.\\ue0041";
    assert.is(formatLogLine(line({ message }), "plain"), expected);
    assert.is(JSON.parse(formatLogLine(line({ message }), "json")).message, expected);
  });

  test("writes one line without control characters, whatever the message", () => {
    const message = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(message, fc.constantFrom("plain", "json", "syslog"), (text, format) => {
        const written = formatLogLine(line({ message: text }), format);
        assert.not.match(written, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        if (format === "json") JSON.parse(written);
      }),
    );
  });
});
