// The resources that a program registers, as the engine keeps them.
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { decodeWireObject, holdsSecret, type WireObject } from "./value.ts";

export interface RegisteredResource {
  readonly urn: string;
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
  readonly id: string;
  /** The URN of the parent; empty for the stack. */
  readonly parent: string;
  /** Whether a provider manages it; a component is only a name for its children. */
  readonly isCustom: boolean;
  readonly isProtected: boolean;
  /** In the open: secrets revealed, `UNKNOWN` for what is unknown. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The inputs and outputs that are, or hold, a secret: in the state file these are encrypted. */
  readonly secretInputs: readonly string[];
  readonly secretOutputs: readonly string[];
  /** URNs of what must exist before. */
  readonly dependencies: readonly string[];
  readonly aliases: readonly string[];
  readonly isRetainedOnDelete: boolean;
  readonly isDeletedBeforeReplaced: boolean;
  readonly ignoredChanges: readonly string[];
}

/** A stack's output. */
export interface StackOutput {
  readonly value: unknown;
  readonly isSecret: boolean;
}

/** Where a resource is: the types from the stack's child down to it make part of its URN. */
export interface UrnContext {
  readonly stack: string;
  readonly project: string;
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/** https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
export function urnOf(request: RegisterResourceRequest, { stack, project }: UrnContext): string {
  const parentType = request.getParent().split("::")[2];
  const isBelowStack = parentType === undefined || parentType === STACK_TYPE;
  const type = isBelowStack ? request.getType() : `${parentType}$${request.getType()}`;
  return `urn:pulumi:${stack}::${project}::${type}::${request.getName()}`;
}

export function registeredResource(
  request: RegisterResourceRequest,
  { urn, id, outputs }: { readonly urn: string; readonly id: string; readonly outputs: WireObject },
): RegisteredResource {
  const inputs = inputsOf(request);
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    id,
    parent: request.getParent(),
    isCustom: request.getCustom(),
    isProtected: request.getProtect() ?? false,
    inputs: decodeWireObject(inputs),
    outputs: decodeWireObject(outputs),
    secretInputs: secretsOf(inputs),
    secretOutputs: secretsOf(outputs),
    dependencies: request.getDependenciesList(),
    aliases: request.getAliasurnsList(),
    isRetainedOnDelete: request.getRetainondelete() ?? false,
    isDeletedBeforeReplaced: request.getDeletebeforereplace(),
    ignoredChanges: request.getIgnorechangesList(),
  };
}

export function inputsOf(request: RegisterResourceRequest): WireObject {
  return request.getObject()?.toJavaScript() ?? {};
}

export function secretsOf(properties: WireObject): string[] {
  return Object.entries(properties).flatMap(([name, value]) => (holdsSecret(value) ? [name] : []));
}
