import { describeScenario } from "./lab.ts";

describeScenario("dhcpcd", "the hook of dhcpcd");
