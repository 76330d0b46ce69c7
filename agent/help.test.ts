import { readFileSync } from "node:fs";
import { assert, describe } from "../scripts/describe.ts";
import { runAgent } from "../scripts/local/agent-process.ts";
import { argumentsOf, commandNames, commandTable } from "./command-table.ts";
import { exitCodeMeaning } from "./exit-code.ts";
import { commandHelp, programHelp } from "./help.ts";

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));
const helps = (width: number) => [
  programHelp("What it is", width),
  ...commandNames.map((name) => commandHelp(name, width)),
];

describe("the help", (test) => {
  test("of a command says all there is to know of it", () => {
    assert.is(
      commandHelp("keygen", 80),
      `Make the key that this device signs its updates with

Usage: update-route53 keygen [FLAGS]

Flags:
  --out=<PATH>  where to write the private key (default:
                /etc/update-route53.key)
  --force       replace the key that is there
  --json        print one JSON object per line

Flags of every command:
  --log=<FORMAT>  how messages are written: human, plain, json or syslog
                  (default: $UPDATE_ROUTE53_LOG, or human on a terminal and
                  plain elsewhere)
  --verbose       say what is read and asked
  --quiet         say nothing but errors
  --help          show this help

Exit codes:
   0  done
  64  the command line is wrong
  70  a bug in this program
  73  the file exists already or cannot be written
  78  something in the configuration must change

Examples:
  update-route53 keygen
      print the public key, as a line for the Pulumi configuration`,
    );
  });

  test("names the words of a command, those in brackets that may be left out", () => {
    assert.match(
      commandHelp("notify", 80),
      /^Usage: update-route53 notify \[FLAGS\] INTERFACE \[ADDRESS\]\n\nArguments:\n {2}INTERFACE {2}the interface/m,
    );
    assert.match(
      commandHelp("completions", 80),
      /^Usage: update-route53 completions \[FLAGS\] bash\|zsh\|fish$/m,
    );
  });

  test("fits a terminal of 80 columns, and what is not typed fits a narrower one", () => {
    for (const text of helps(80)) assert.ok(widest(text) <= 80, text);
    for (const text of helps(60)) {
      const explained = text
        .split("\n")
        .filter((line) => !/^ {2}\S*(source|update-route53|eval)|^Usage|^Say/.test(line));
      assert.ok(widest(explained.join("\n")) <= 60, explained.join("\n"));
    }
  });

  test("has no space at the end of a line", () => {
    for (const text of helps(80)) assert.not.match(text, / $/m);
  });

  test("lists every command, flag and exit code", () => {
    const [program = "", ...ofCommands] = helps(80);
    const codes = Object.entries(exitCodeMeaning).map(([code, meaning]) => ` ${code}  ${meaning}\n`);
    const expected = [...commandNames.map((name) => `\n  ${name} `), ...codes];
    assert.equal(
      expected.filter((text) => !program.includes(text)),
      [],
    );
    for (const [index, name] of commandNames.entries()) {
      const flags = Object.entries(argumentsOf(name)).filter(([, { type }]) => type !== "positional");
      const missing = flags.filter(
        ([flag]) => !new RegExp(`^  --${flag}[= ]`, "m").test(ofCommands[index] ?? ""),
      );
      assert.equal(missing, []);
    }
  });

  test("has examples that the program understands", async () => {
    for (const name of commandNames) {
      for (const [typed] of commandTable[name].examples) {
        const args = /update-route53 ?([^|>)]*)/.exec(typed)?.[1]?.replace("2", "").trim().split(" ") ?? [];
        const { exitCode: code } = await runAgent([...args.filter(Boolean), "--help"]);
        assert.is(code, 0, typed);
      }
    }
  });

  test("is shown for --help, -h and help alike", async () => {
    const shown = await Promise.all(
      [
        ["keygen", "--help"],
        ["keygen", "-h"],
        ["help", "keygen"],
      ].map((args) => runAgent(args)),
    );
    for (const { exitCode: code, stdout, stderr } of shown) {
      assert.equal(
        { code, stdout, stderr },
        { code: 0, stdout: `${commandHelp("keygen", 80)}\n`, stderr: "" },
      );
    }
    assert.is((await runAgent(["help"])).stdout, (await runAgent(["--help"])).stdout);
    assert.is((await runAgent(["keygne", "--help"])).exitCode, 64);
  });

  test("says of each exit code what the README says", () => {
    const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);
    assert.equal(
      rows,
      Object.entries(exitCodeMeaning).map(([code, meaning]) => [Number(code), meaning]),
    );
  });
});
