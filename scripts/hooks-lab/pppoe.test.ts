import { describeScenario } from "./lab.ts";

describeScenario("pppoe", "the hook of pppd over PPPoE");
