// What Pulumi's library brings along: its own copies of packages, since messages made with others would be refused.
import { createRequire } from "node:module";

const loadFromLibrary = createRequire(import.meta.resolve("@pulumi/pulumi/package.json"));

/** The messages that are Google's: each has setters for its fields. */
export const { Struct } = loadFromLibrary("google-protobuf/google/protobuf/struct_pb.js");
export const { Empty } = loadFromLibrary("google-protobuf/google/protobuf/empty_pb.js");

export const grpc = loadFromLibrary("@grpc/grpc-js");
export const { EngineService } = loadFromLibrary("./proto/engine_grpc_pb.js");
export const { ResourceMonitorService } = loadFromLibrary("./proto/resource_grpc_pb.js");

export const parseYaml: (text: string) => unknown = loadFromLibrary("js-yaml").load;
