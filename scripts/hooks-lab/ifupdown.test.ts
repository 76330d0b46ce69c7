import { describeScenario } from "./lab.ts";

describeScenario("ifupdown", "the hook of ifupdown");
