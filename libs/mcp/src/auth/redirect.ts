/** Where browsers come back to. Clients are registered with it, so it is the same every time. */
export const CALLBACK_PORT = 19_876;
export const CALLBACK_PATH = '/mcp/oauth/callback';
export const redirectUrl = (port: number) => `http://127.0.0.1:${port}${CALLBACK_PATH}`;
export const DEFAULT_REDIRECT = redirectUrl(CALLBACK_PORT);
