import { describeScenario } from "./lab.ts";

describeScenario("udhcpc", "the script for busybox udhcpc");
