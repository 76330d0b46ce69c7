import { whyNotBuilt } from "../binary/built.ts";
import { describeScenario } from "./lab.ts";

describeScenario("systemd-run", "the service of systemd that stays", whyNotBuilt());
