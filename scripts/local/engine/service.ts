// The engine and its resource monitor as a Pulumi program sees them: what each call of the program is answered.
import engine, { type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import resource, {
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import {
  inputsOf,
  type RegisteredResource,
  registeredResource,
  type StackOutput,
  secretsOf,
  type UrnContext,
  urnOf,
} from "./graph.ts";
import { answerInvoke, type CloudState } from "./invokes.ts";
import { Empty, Struct } from "./library.ts";
import { createResource } from "./provider.ts";
import { decodeWire, decodeWireObject, holdsSecret, type WireObject } from "./value.ts";

export interface EngineOptions extends UrnContext {
  readonly isPreview: boolean;
  readonly cloud: CloudState;
}

type Severity = "info" | "warning" | "error";

export interface LogEntry {
  readonly severity: Severity;
  readonly message: string;
}

/** All that the program has done so far. */
export interface EngineState {
  readonly resources: Map<string, RegisteredResource>;
  readonly outputs: Map<string, StackOutput>;
  readonly log: LogEntry[];
}

/** One call: what it is asked, and its answer. A throw is told to the program. */
type Call = (request: never) => object;

// Of the monitor's features. Without the others the program's library does the work itself, such as working out
// the URNs of aliases.
const FEATURES = ["secrets", "resourceReferences"];
const { LogSeverity } = engine;
const SHOWN: ReadonlyMap<number, Severity> = new Map([
  [LogSeverity.INFO, "info"],
  [LogSeverity.WARNING, "warning"],
  [LogSeverity.ERROR, "error"],
]);

export function createEngine(options: EngineOptions): {
  readonly state: EngineState;
  readonly engineCalls: Readonly<Record<string, Call>>;
  readonly monitorCalls: Readonly<Record<string, Call>>;
} {
  const state: EngineState = { resources: new Map(), outputs: new Map(), log: [] };
  let rootUrn = "";
  return {
    state,
    engineCalls: {
      log(request: LogRequest) {
        const severity = SHOWN.get(request.getSeverity());
        if (severity) state.log.push({ severity, message: request.getMessage() });
        return new Empty();
      },
      getRootResource: () => new engine.GetRootResourceResponse().setUrn(rootUrn),
      setRootResource(request: { getUrn(): string }) {
        rootUrn = request.getUrn();
        return new engine.SetRootResourceResponse();
      },
      requirePulumiVersion: () => new engine.RequirePulumiVersionResponse(),
    },
    monitorCalls: {
      supportsFeature: (request: SupportsFeatureRequest) =>
        new resource.SupportsFeatureResponse().setHassupport(FEATURES.includes(request.getId())),
      invoke: (request: ResourceInvokeRequest) => invoke(options, request),
      registerResource: (request: RegisterResourceRequest) => register(state, options, request),
      registerResourceOutputs: (request: RegisterResourceOutputsRequest) => registerOutputs(state, request),
      signalAndWaitForShutdown: () => new Empty(),
    },
  };
}

function invoke({ cloud }: EngineOptions, request: ResourceInvokeRequest): object {
  const args = decodeWireObject(request.getArgs()?.toJavaScript() ?? {});
  const answer = tryInvoke(request.getTok(), () => answerInvoke(request.getTok(), cloud, args));
  return new resource.ResourceInvokeResponse().setReturn(Struct.fromJavaScript(answer));
}

/** With the words that Pulumi and its provider put before an error. */
function tryInvoke<T>(token: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`invocation of ${token} returned an error: invoking ${token}: ${reason}`, {
      cause: error,
    });
  }
}

function register(state: EngineState, options: EngineOptions, request: RegisterResourceRequest): object {
  const urn = urnOf(request, options);
  if (state.resources.has(urn)) {
    throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
  }
  const { id, outputs } = request.getCustom() ? create(urn, options, request) : { id: "", outputs: {} };
  state.resources.set(urn, registeredResource(request, { urn, id, outputs }));
  return new resource.RegisterResourceResponse()
    .setUrn(urn)
    .setId(id)
    .setObject(Struct.fromJavaScript(outputs));
}

function create(urn: string, { cloud, isPreview }: EngineOptions, request: RegisterResourceRequest) {
  const wanted = {
    type: request.getType(),
    name: request.getName(),
    urn,
    inputs: inputsOf(request),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
  return createResource(wanted, { account: cloud, isPreview });
}

/** Of a component these are what it shows of itself, of the stack what `pulumi stack output` does. */
function registerOutputs(state: EngineState, request: RegisterResourceOutputsRequest): object {
  const registered = state.resources.get(request.getUrn());
  if (!registered) throw new Error(`expected a registered resource, got ${request.getUrn()}`);
  const outputs: WireObject = request.getOutputs()?.toJavaScript() ?? {};
  const decoded = { outputs: decodeWireObject(outputs), secretOutputs: secretsOf(outputs) };
  state.resources.set(registered.urn, { ...registered, ...decoded });
  if (registered.parent === "") {
    for (const [name, value] of Object.entries(outputs)) {
      state.outputs.set(name, { value: decodeWire(value), isSecret: holdsSecret(value) });
    }
  }
  return new Empty();
}
