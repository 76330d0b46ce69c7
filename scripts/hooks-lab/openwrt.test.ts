import { describeScenario } from "./lab.ts";

describeScenario("openwrt", "OpenWrt");
