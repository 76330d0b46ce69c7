import { whyNotBuilt } from "../binary/built.ts";
import { describeScenario } from "./lab.ts";

describeScenario("systemd", "the timer of systemd", whyNotBuilt());
