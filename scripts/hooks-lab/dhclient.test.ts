import { describeScenario } from "./lab.ts";

describeScenario("dhclient", "the hook of ISC dhclient");
