import { assert, describe } from "../../describe.ts";
import { internalFailure, invalidChangeBatch, Route53Error } from "./error.ts";
import { decodeRequest, encodeError } from "./xml.ts";

const NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
const BODY =
  `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest ${NAMESPACE}><ChangeBatch>` +
  "<Comment>a &lt; b</Comment><Changes><Change><Action>UPSERT</Action><ResourceRecordSet><Name>a.example.com</Name>" +
  "<Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>&quot; one&quot;</Value></ResourceRecord>" +
  "<ResourceRecord><Value>&quot;two&quot;</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>" +
  "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";

function decode(method: string, target: string, body = ""): unknown {
  try {
    const { operation, input } = decodeRequest({ method, target, body: Buffer.from(body) });
    return { operation, input };
  } catch (error) {
    if (!(error instanceof Route53Error)) throw error;
    return `${error.statusCode} ${error.name}: ${error.message}`;
  }
}

describe("a Route 53 request", (test) => {
  const RRSET = "/2013-04-01/hostedzone/Z1/rrset";
  const change = {
    operation: "ChangeResourceRecordSets",
    input: {
      ChangeBatch: {
        Changes: [
          {
            Action: "UPSERT",
            ResourceRecordSet: {
              Name: "a.example.com",
              Type: "TXT",
              TTL: 60,
              ResourceRecords: [{ Value: '" one"' }, { Value: '"two"' }],
            },
          },
        ],
        Comment: "a < b",
      },
      HostedZoneId: "Z1",
    },
  };
  const list = (input: object) => ({ operation: "ListResourceRecordSets", input });
  const cases: readonly (readonly [string, string, string, string, unknown])[] = [
    ["with a body", "POST", RRSET, BODY, change],
    ["with the slash that older clients send", "POST", `${RRSET}/`, BODY, change],
    [
      "with its input in the query",
      "GET",
      `${RRSET}?name=%2A.example.com&type=A&maxitems=3`,
      "",
      list({ StartRecordName: "*.example.com", StartRecordType: "A", MaxItems: 3, HostedZoneId: "Z1" }),
    ],
    [
      "with an escaped path",
      "GET",
      "/2013-04-01/hostedzone/%2Fhostedzone%2FZ1/rrset",
      "",
      list({ HostedZoneId: "/hostedzone/Z1" }),
    ],
    ["for a change", "GET", "/2013-04-01/change/C1", "", { operation: "GetChange", input: { Id: "C1" } }],
    [
      "for a zone",
      "GET",
      "/2013-04-01/hostedzone/Z1",
      "",
      { operation: "GetHostedZone", input: { Id: "Z1" } },
    ],
    [
      "for zones by name",
      "GET",
      "/2013-04-01/hostedzonesbyname?dnsname=a&hostedzoneid=Z1",
      "",
      { operation: "ListHostedZonesByName", input: { DNSName: "a", HostedZoneId: "Z1" } },
    ],
    [
      "of an operation that is not implemented",
      "GET",
      "/2013-04-01/healthcheck",
      "",
      { operation: "ListHealthChecks", input: {} },
    ],
    ["of no operation", "GET", "/", "", "404 UnknownOperationException: GET / is no operation"],
    [
      "by the wrong method",
      "DELETE",
      RRSET,
      "",
      `404 UnknownOperationException: DELETE ${RRSET} is no operation`,
    ],
    [
      "with a number that is none",
      "GET",
      `${RRSET}?maxitems=x`,
      "",
      '400 InvalidInput: Invalid request: maxitems must be an integer, got "x"',
    ],
    [
      "with a path that is no UTF-8",
      "GET",
      "/2013-04-01/change/%E0%A4",
      "",
      '400 InvalidInput: Invalid request: the path holds "%E0%A4"',
    ],
    [
      "without its root",
      "POST",
      RRSET,
      "<ChangeBatch><Changes/></ChangeBatch>",
      "400 MalformedInput: ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest",
    ],
    [
      "that is cut off",
      "POST",
      RRSET,
      "<ChangeResourceRecordSetsRequest><ChangeBatch>",
      "400 InvalidInput: Invalid XML ; @aws-sdk XML parse error: missing closing tag </ChangeBatch>.",
    ],
    [
      "that is no XML",
      "POST",
      RRSET,
      "{}",
      "400 InvalidInput: Invalid XML ; @aws-sdk XML parse error: unexpected content.",
    ],
  ];
  for (const [title, method, target, body, expected] of cases) {
    test(`${title} is read`, () => assert.equal(decode(method, target, body), expected));
  }
});

describe("a Route 53 answer", (test) => {
  test("is the XML of the operation's output", () => {
    const { encodeOutput } = decodeRequest({
      method: "GET",
      target: "/2013-04-01/hostedzone/Z1/rrset",
      body: Buffer.alloc(0),
    });
    const ResourceRecords = [{ Value: '"<&>"' }];
    assert.is(
      encodeOutput({
        ResourceRecordSets: [{ Name: "a.example.com.", Type: "TXT", TTL: 60, ResourceRecords }],
        IsTruncated: false,
        MaxItems: 300,
      }),
      `<?xml version="1.0"?>\n<ListResourceRecordSetsResponse ${NAMESPACE}><ResourceRecordSets><ResourceRecordSet>` +
        "<Name>a.example.com.</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord>" +
        "<Value>&quot;&lt;&amp;&gt;&quot;</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>" +
        "</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>",
    );
  });

  const batch = invalidChangeBatch(["one", "two"]);
  const errorResponse = (type: string, code: string, message: string) =>
    `<ErrorResponse ${NAMESPACE}><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error>` +
    "<RequestId>r-1</RequestId></ErrorResponse>";
  const errors: readonly (readonly [string, Route53Error, "ErrorResponse" | "InvalidChangeBatch", string])[] =
    [
      [
        "a refused batch as today's service",
        batch,
        "ErrorResponse",
        errorResponse("Sender", "InvalidChangeBatch", "[one, two]"),
      ],
      [
        "a refused batch as the documentation has it",
        batch,
        "InvalidChangeBatch",
        `<InvalidChangeBatch ${NAMESPACE}><Messages><Message>one</Message><Message>two</Message></Messages>` +
          "<RequestId>r-1</RequestId></InvalidChangeBatch>",
      ],
      [
        "every other error in one form",
        internalFailure(),
        "InvalidChangeBatch",
        errorResponse(
          "Receiver",
          "InternalFailure",
          "The request processing has failed because of an unknown error, exception or failure.",
        ),
      ],
    ];
  for (const [title, error, form, xml] of errors) {
    test(`tells ${title}`, () => {
      assert.is(encodeError(error, { requestId: "r-1", form }), `<?xml version="1.0"?>\n${xml}`);
    });
  }
});
