// The end of sd_notify(3) that systemd has: Node has no datagram sockets of the Unix kind, python3 has.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

/** The socket is made before the first line is printed; every datagram is then one line of JSON. */
const PROGRAM = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print(json.dumps("listening"), flush=True)
while True:
    print(json.dumps(s.recv(4096).decode()), flush=True)
`;

export interface NotifySocket {
  readonly path: string;
  /** The assignments of each datagram that has come, but for the barriers of systemd-notify. */
  readonly messages: readonly (readonly string[])[];
  readonly close: () => void;
}

/** Why there can be no socket here; undefined where there can. */
export function whyNoNotifySocket(): string | undefined {
  const missing = ["python3", "systemd-notify"].filter(
    (command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status !== 0,
  );
  return missing.length > 0 ? `needs ${missing.join(" and ")}` : undefined;
}

/** Makes the socket that NOTIFY_SOCKET names. */
export async function startNotifySocket(path: string): Promise<NotifySocket> {
  const child = spawn("python3", ["-c", PROGRAM, path], { stdio: ["ignore", "pipe", "inherit"] });
  const close = () => void child.kill("SIGKILL");
  process.once("exit", close);
  const messages: string[][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  createInterface(child.stdout).on("line", (line) => {
    const text: string = JSON.parse(line);
    if (text === "listening") resolve();
    else if (text !== "BARRIER=1") messages.push(text.split("\n"));
  });
  await promise;
  return { path, messages, close };
}
