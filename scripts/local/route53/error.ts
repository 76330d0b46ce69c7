// The errors Route 53 answers, with the status and the words of the real one.
// https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html

/** An error Route 53 answers. `name` is the AWS error code; `messages` has one entry for each thing wrong. */
export class Route53Error extends Error {
  readonly statusCode: number;
  readonly messages: readonly string[];

  constructor(name: string, statusCode: number, messages: readonly string[]) {
    // The real service says the list of an InvalidChangeBatch as one message, in brackets.
    super(name === "InvalidChangeBatch" ? `[${messages.join(", ")}]` : messages.join(", "));
    this.name = name;
    this.statusCode = statusCode;
    this.messages = messages;
  }
}

export const invalidChangeBatch = (messages: readonly string[]) =>
  new Route53Error("InvalidChangeBatch", 400, messages);

export const invalidInput = (message: string) => new Route53Error("InvalidInput", 400, [message]);

export const malformedInput = (message: string) => new Route53Error("MalformedInput", 400, [message]);

export const noSuchHostedZone = (id: string) =>
  new Route53Error("NoSuchHostedZone", 404, [`No hosted zone found with ID: ${id}`]);

export const noSuchChange = (id: string) =>
  new Route53Error("NoSuchChange", 404, [`Could not find resource with ID: ${id}`]);

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests */
export const throttling = () => new Route53Error("Throttling", 400, ["Rate exceeded"]);

export const priorRequestNotComplete = () =>
  new Route53Error("PriorRequestNotComplete", 400, [
    "The request was rejected because Route 53 was still processing a prior request.",
  ]);

export const accessDenied = (message: string) => new Route53Error("AccessDenied", 403, [message]);

export const missingAuthenticationToken = () =>
  new Route53Error("MissingAuthenticationToken", 403, ["Missing Authentication Token"]);

export const internalFailure = () =>
  new Route53Error("InternalFailure", 500, [
    "The request processing has failed because of an unknown error, exception or failure.",
  ]);

export const serviceUnavailable = () =>
  new Route53Error("ServiceUnavailable", 503, [
    "The request has failed due to a temporary failure of the server.",
  ]);

/** For what the real service does and this one does not: never a silent success. */
export const notImplemented = (what: string) =>
  new Route53Error("NotImplemented", 400, [`${what} is not implemented by the local Route 53`]);
