import { describeScenario } from "./lab.ts";

describeScenario("networkd", "the hook of networkd-dispatcher");
