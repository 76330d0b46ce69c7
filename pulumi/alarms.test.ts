// The alarms and the dashboard as they are registered.
import { assert, describe } from "../scripts/describe.ts";
import type { ProgramResult } from "../scripts/local/engine/engine.ts";
import {
  createStackFixture,
  ofType,
  only,
  type StackFixture,
} from "../scripts/local/engine/stack-fixture.ts";
import { alarmDefinitions } from "./alarm-definitions.ts";
import { dashboardBody } from "./dashboard-body.ts";
import { settingsOf } from "./settings-fixture.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("the alarms of a stack", (test) => {
  let stack: StackFixture;
  let up: ProgramResult;
  test.before(async () => {
    stack = await createStackFixture();
    up = await stack.run();
  });
  test.after(() => stack.remove());

  test("are those defined, and tell themselves and their ends to the topic", () => {
    const topic = only(up, "aws:sns/topic:Topic").outputs.arn;
    const devices = ["attic", "barn"].map((name) => ({ name, domains: [`${name}.kept.org`] }));
    const expected = alarmDefinitions(settingsOf({ streamName: "addresses", devices })).map(
      ({ name, description, ...watched }) => ({
        name: `addresses-${name}`,
        alarmDescription: description,
        ...watched,
        alarmActions: [topic],
        okActions: [topic],
        tags: { owner: "me" },
      }),
    );
    assert.equal(
      ofType(up, ALARM).map(({ inputs }) => inputs),
      expected,
    );
  });

  test("go to the owner by e-mail, and to nobody where there is no address", async () => {
    const topic = only(up, "aws:sns/topic:Topic");
    assert.equal(topic.inputs, { name: "addresses-alarms", tags: { owner: "me" } });
    assert.equal(only(up, SUBSCRIPTION).inputs, {
      protocol: "email",
      endpoint: "owner@example.com",
      topic: topic.outputs.arn,
    });
    assert.equal(ofType(await stack.run({ alarmEmail: undefined }), SUBSCRIPTION), []);
  });

  test("are on the dashboard, whose address is an output", () => {
    const alarmArns = ofType(up, ALARM).map(({ outputs }) => String(outputs.arn));
    assert.is(alarmArns.length, 9);
    assert.equal(only(up, "aws:cloudwatch/dashboard:Dashboard").inputs, {
      dashboardName: "addresses",
      dashboardBody: dashboardBody({ region: "ap-south-1", streamName: "addresses", alarmArns }),
    });
    assert.is(
      up.outputs.get("dashboard")?.value,
      "https://ap-south-1.console.aws.amazon.com/cloudwatch/home?region=ap-south-1#dashboards/dashboard/addresses",
    );
  });
});
