import { describeScenario } from "./lab.ts";

describeScenario("clock", "a router that boots in 1970");
