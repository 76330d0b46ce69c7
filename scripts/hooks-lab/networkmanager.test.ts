import { describeScenario } from "./lab.ts";

describeScenario("networkmanager", "the hook of NetworkManager");
