// Other ways to tell the world one's address, where they are installed, against the same stand-in servers.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../binary/command.ts";
import type { Subject } from "./measure.ts";

export const BOTO3 = "boto3, published";
/** Everything that a Python program must do to put the address on the stream, with AWS's own library. */
const BOTO3_PROGRAM = `import boto3, json, os, uuid
client = boto3.client("kinesis", endpoint_url=os.environ["AWS_ENDPOINT_URL_KINESIS"])
payload = {"ip": "1.2.3.4", "domain": "home.example.com", "uuid": str(uuid.uuid4())}
client.put_record(StreamName="update-route53", Data=json.dumps(payload), PartitionKey="home.example.com")
`;

/** Those that are installed. The environment is to have AWS's credentials, region and endpoint. */
export function installedRivals(folder: string, streamUrl: string, dyndns: string): readonly Subject[] {
  return [boto3(folder), awsCli(streamUrl), ddclient(folder, dyndns), inadyn(folder, dyndns)].filter(
    (rival) => rival !== undefined,
  );
}

function boto3(folder: string): Subject | undefined {
  const python = ["/usr/bin/python3", findProgram("python3")].find(
    (path) => path && spawnSync(path, ["-c", "import boto3"]).status === 0,
  );
  if (!python) return undefined;
  const path = join(folder, "put.py");
  writeFileSync(path, BOTO3_PROGRAM);
  return { name: BOTO3, command: [python, path] };
}

function awsCli(streamUrl: string): Subject | undefined {
  const aws = findProgram("aws");
  if (!aws) return undefined;
  const flags = ["--stream-name", "update-route53", "--partition-key", "a", "--data", "e30="];
  const command = [aws, "kinesis", "put-record", "--endpoint-url", streamUrl, ...flags];
  return { name: "aws kinesis put-record", command };
}

function ddclient(folder: string, server: string): Subject | undefined {
  const program = findProgram("ddclient");
  if (!program) return undefined;
  const path = join(folder, "ddclient.conf");
  const settings = `use=ip, ip=1.2.3.4, protocol=dyndns2, ssl=no, server=${server}, login=a, password=b`;
  writeFileSync(path, `${settings} home.example.com\n`, { mode: 0o600 });
  const files = ["-file", path, "-cache", join(folder, "ddclient.cache")];
  return { name: "ddclient, published", command: [program, "-daemon=0", "-force", ...files] };
}

function inadyn(folder: string, server: string): Subject | undefined {
  const program = findProgram("inadyn");
  if (!program) return undefined;
  const path = join(folder, "inadyn.conf");
  const provider = `ssl = false\nusername = a\npassword = b\nhostname = home.example.com\nddns-server = ${server}
ddns-path = "/nic/update?hostname=%h&myip=%i"\ncheckip-command = "/bin/echo 1.2.3.4"`;
  writeFileSync(path, `custom local {\n${provider}\n}\n`);
  const flags = ["--once", "--force", "--foreground", "--no-pidfile", "--cache-dir", folder];
  return { name: "inadyn, published", command: [program, ...flags, "--config", path] };
}
