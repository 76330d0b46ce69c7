import { describeScenario } from "./lab.ts";

describeScenario("pppd", "the hook of pppd");
