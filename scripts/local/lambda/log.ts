import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/**
 * Calls `onLine` with each line of a function's output, without its end. Only "\n" ends a line: AWS's runtime
 * writes the line breaks inside one text message as "\r", for it to stay one event in CloudWatch Logs.
 */
export function readLines(output: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
  output.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
  output.once("end", () => {
    take(decoder.end());
    if (rest !== "") onLine(rest);
  });
}
