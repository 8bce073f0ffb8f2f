/** Who may use the server. Programs that it starts, a model's commands among them, must not be able to. */
const OWN_SECRETS = ['OPENCODE_SERVER_PASSWORD', 'OPENCODE_SERVER_USERNAME'];

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables as programs and configurations may see them: without those that open the server itself. */
export function withoutOwnSecrets(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !OWN_SECRETS.includes(name)));
}
