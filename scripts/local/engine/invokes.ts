// What a Pulumi program may ask the cloud while it runs.
import type { CloudAccount } from "./kinds.ts";

export interface CloudState extends CloudAccount {
  /** The hosted zones that exist, by name without the trailing dot; their ids. */
  readonly zones: Readonly<Record<string, string>>;
  /** Those that only networks of the account see. */
  readonly privateZones?: Readonly<Record<string, string>>;
}

type Arguments = Readonly<Record<string, unknown>>;

const INVOKES: Readonly<Record<string, (cloud: CloudState, args: Arguments) => Record<string, unknown>>> = {
  "aws:route53/getZone:getZone": findZone,
  "aws:index/getCallerIdentity:getCallerIdentity": ({ accountId }) => ({
    id: accountId,
    accountId,
    arn: `arn:aws:iam::${accountId}:user/deployer`,
    userId: "AIDALOCALDEPLOYER",
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({
    id: region,
    name: region,
    region,
    description: "The region of the local cloud",
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
};

/** @throws as the provider fails, or where nothing is known of the function. */
export function answerInvoke(token: string, cloud: CloudState, args: Arguments): Record<string, unknown> {
  const answer = INVOKES[token];
  if (!answer) throw new Error(`engine-invokes.ts: expected a row for ${token}, found none`);
  return answer(cloud, args);
}

/** https://www.pulumi.com/registry/packages/aws/api-docs/route53/getzone/ */
function findZone(
  { zones, privateZones = {} }: CloudState,
  { name, zoneId, privateZone = false }: Arguments,
): Record<string, unknown> {
  const all = [
    ...Object.entries(zones).map(([zone, id]) => ({ zone, id, isPrivate: false })),
    ...Object.entries(privateZones).map(([zone, id]) => ({ zone, id, isPrivate: true })),
  ];
  const wanted = typeof name === "string" ? name.replace(/\.$/, "") : undefined;
  // An id is looked up whatever kind of zone it is of.
  const found = all.find(({ zone, id, isPrivate }) =>
    zoneId === undefined ? zone === wanted && isPrivate === privateZone : id === zoneId,
  );
  if (!found) throw new Error("1 error occurred:\n\t* no matching Route 53 Hosted Zone found\n\n");
  const { zone, id, isPrivate } = found;
  const nameServers = ["ns-1.awsdns.test", "ns-2.awsdns.test"];
  return {
    arn: `arn:aws:route53:::hostedzone/${id}`,
    id,
    zoneId: id,
    name: zone,
    privateZone: isPrivate,
    nameServers,
  };
}
