import { StringField } from '#libs/contract';

/** Path parameters of one session. */
export class SessionParams {
  @StringField({ startsWith: 'ses', description: 'Session ID' })
  sessionID: string;
}

/** The same in the document as in the reference, which takes any text; the server checks the prefix. */
export const ANY_SESSION_ID = { name: 'sessionID', schema: { type: 'string' } } as const;

/** Path parameters of one message. */
export class MessageParams extends SessionParams {
  @StringField({ startsWith: 'msg', description: 'Message ID' })
  messageID: string;
}

/** Path parameters of one part. */
export class PartParams extends MessageParams {
  @StringField({ description: 'Part ID' })
  partID: string;
}

/** Path parameters of one permission request. */
export class PermissionParams {
  @StringField({ startsWith: 'per', description: 'Permission request ID' })
  requestID: string;
}

/** Path parameters of the older permission route. */
export class SessionPermissionParams {
  @StringField({ description: 'Session ID' })
  sessionID: string;

  @StringField({ startsWith: 'per', description: 'Permission request ID' })
  permissionID: string;
}

/** Path parameters of one question request. */
export class QuestionParams {
  @StringField({ startsWith: 'que', description: 'Question request ID' })
  requestID: string;
}

/** Path parameters of one provider. */
export class ProviderParams {
  @StringField({ description: 'Provider ID' })
  providerID: string;
}

/** Path parameters of one MCP server. */
export class McpParams {
  @StringField({ description: 'Name of the MCP server' })
  name: string;
}

/** Path parameters of one project. */
export class ProjectParams {
  @StringField()
  projectID: string;
}

/** Path parameters of a terminal. */
export class PtyParams {
  @StringField({ description: 'Terminal ID' })
  ptyID: string;
}
