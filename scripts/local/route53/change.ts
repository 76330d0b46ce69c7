// ChangeResourceRecordSets: what a batch would make of a zone, or everything that is wrong with it.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
import type { ChangeBatch } from "@aws-sdk/client-route-53";
import { decodeChanges, type RequestedChange } from "./change-input.ts";
import { invalidChangeBatch } from "./error.ts";
import { decodeName, isWithin } from "./name.ts";
import { type RrsetType, valueProblem } from "./value.ts";
import type { NameRrsets, Rrset, StagedNames, Zone } from "./zone.ts";

// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
const MAX_RESOURCE_RECORDS = 1_000;
const MAX_VALUE_CHARACTERS = 32_000;

/** The zone as the changes so far would leave it, and what was asked of each record set. */
interface Batch {
  readonly zone: Zone;
  readonly staged: Map<string, NameRrsets>;
  readonly actions: Map<string, readonly string[]>;
}

/**
 * What each name the batch touches is to hold, for `applyStaged`; the zone itself is not changed. Changes count in
 * their order, so a name may go from A to CNAME by a DELETE and a CREATE.
 * @throws InvalidInput for a batch of the wrong form, InvalidChangeBatch with a message for every change refused.
 */
export function planChangeBatch(zone: Zone, changeBatch: ChangeBatch | undefined): StagedNames {
  const changes = decodeChanges(changeBatch?.Changes);
  const overLimits = limitProblems(changes);
  if (overLimits.length > 0) throw invalidChangeBatch(overLimits);
  const batch: Batch = { zone, staged: new Map(), actions: new Map() };
  const problems = changes.flatMap((change) => applyChange(batch, change));
  problems.push(...apexProblems(batch));
  if (problems.length > 0) throw invalidChangeBatch(problems);
  return batch.staged;
}

function limitProblems(changes: readonly RequestedChange[]): string[] {
  let resourceRecords = 0;
  let valueCharacters = 0;
  for (const { action, values } of changes) {
    // AWS takes an UPSERT for a DELETE and a CREATE.
    const weight = action === "UPSERT" ? 2 : 1;
    resourceRecords += weight * values.length;
    valueCharacters += weight * values.reduce((sum, value) => sum + value.length, 0);
  }
  const problems: string[] = [];
  if (resourceRecords > MAX_RESOURCE_RECORDS) {
    problems.push(`Number of records limit of ${MAX_RESOURCE_RECORDS} exceeded.`);
  }
  if (valueCharacters > MAX_VALUE_CHARACTERS) {
    problems.push(`RDATA character limit of ${MAX_VALUE_CHARACTERS} exceeded.`);
  }
  return problems;
}

function applyChange(batch: Batch, { action, name: requestedName, ...rest }: RequestedChange): string[] {
  const result = decodeName(requestedName);
  if ("problem" in result) return [result.problem];
  const rrset: Rrset = { ...rest, name: result.name };
  const problems = [...placeProblems(batch.zone, rrset), ...valueProblems(rrset)];
  if (problems.length > 0) return problems;
  const before = batch.staged.get(rrset.name) ?? batch.zone.rrsetsByName.get(rrset.name) ?? new Map();
  const problem =
    sequenceProblem(batch, action, rrset) ??
    stateProblem(before, action, rrset) ??
    cnameProblem(batch.zone, before, rrset);
  if (problem) return [problem];
  const after = new Map(before);
  if (action === "DELETE") after.delete(rrset.type);
  else after.set(rrset.type, rrset);
  batch.staged.set(rrset.name, after);
  return [];
}

function placeProblems(zone: Zone, { name, type }: Rrset): string[] {
  if (!isWithin(name, zone.name))
    return [`RRSet with DNS name ${name} is not permitted in zone ${zone.name}`];
  if (type === "CNAME" && name === zone.name) {
    return [`RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone.name}`];
  }
  if (type === "SOA" && name !== zone.name) return ["A HostedZone must contain exactly one SOA record."];
  return [];
}

function valueProblems({ name, type, values }: Rrset): string[] {
  const problems = values.flatMap((value) => valueProblem(type, value) ?? []);
  const invalid = problems.map((problem) => `Invalid Resource Record: '${problem}'`);
  const repeated = values.filter((value, index) => values.indexOf(value) < index);
  const duplicates = repeated.map((value) => `Duplicate Resource Record: '${value}'`);
  const isPlural = type === "CNAME" && values.length > 1;
  const plural = isPlural
    ? [`RRSet of type CNAME with DNS name ${name} must contain exactly one resource record`]
    : [];
  return [...invalid, ...duplicates, ...plural];
}

/** One record set, one change; but a DELETE and then a CREATE is how a record set is replaced without UPSERT. */
function sequenceProblem({ actions }: Batch, action: string, { name, type }: Rrset): string | undefined {
  const key = `${type} ${name}`;
  const sequence = [...(actions.get(key) ?? []), action];
  actions.set(key, sequence);
  if (sequence.length === 1 || sequence.join() === "DELETE,CREATE") return undefined;
  return `The request contains an invalid set of changes for a resource record set '${key}'`;
}

function stateProblem(before: NameRrsets, action: string, rrset: Rrset): string | undefined {
  const { name, type } = rrset;
  const existing = before.get(type);
  const which = `resource record set [name='${name}', type='${type}']`;
  if (action === "CREATE" && existing) return `Tried to create ${which} but it already exists`;
  if (action !== "DELETE") return undefined;
  if (!existing) return `Tried to delete ${which} but it was not found`;
  if (isSame(existing, rrset)) return undefined;
  return `Tried to delete ${which} but the values provided do not match the current values`;
}

function cnameProblem(zone: Zone, before: NameRrsets, { name, type }: Rrset): string | undefined {
  const hasOther = [...before.keys()].some((other: RrsetType) => other !== type);
  const start = `RRSet of type ${type} with DNS name ${name} is not permitted`;
  if (type === "CNAME" && hasOther) {
    return `${start} as it conflicts with other records with the same DNS name in zone ${zone.name}`;
  }
  if (type !== "CNAME" && before.has("CNAME")) {
    return (
      `${start} because a conflicting RRSet of type CNAME with the same DNS name already exists ` +
      `in zone ${zone.name}`
    );
  }
  return undefined;
}

function apexProblems({ zone, staged }: Batch): string[] {
  const apex = staged.get(zone.name);
  if (!apex) return [];
  const problems: string[] = [];
  if (apex.get("SOA")?.values.length !== 1) {
    problems.push("A HostedZone must contain exactly one SOA record.");
  }
  if (!apex.has("NS")) {
    problems.push("A HostedZone must contain at least one NS record for the zone itself.");
  }
  return problems;
}

function isSame(a: Rrset, b: Rrset): boolean {
  const [left, right] = [a, b].map(({ ttlSeconds, values }) =>
    JSON.stringify([ttlSeconds, [...values].sort()]),
  );
  return left === right;
}
