/** The official MCP client; loaded when the first server is connected to. */
export const loadSdk = () => import('@modelcontextprotocol/client');

export type Sdk = Awaited<ReturnType<typeof loadSdk>>;
