/**
 * Knows the directory of what a route names, such as the session of `/session/:sessionID`. Asked before the directory
 * the request itself names, so that a session is found whatever directory the client is in. Optional.
 * @publicApi
 */
export abstract class DirectorySource {
  /** @param params path parameters of the route; resolves to undefined when they name nothing known. */
  abstract directory(params: Readonly<Record<string, string>>): Promise<string | undefined>;
}
