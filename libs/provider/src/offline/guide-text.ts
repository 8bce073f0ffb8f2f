/** What the guide is and how to get a real model; the first thing a newcomer reads. */
export const HELP = `I am the offline guide of this server: a small set of rules, **not a language model**. I work without a key and without a network, so that you can see sessions, tools and permissions at once.

I understand a few plain requests and carry them out with the real tools:
- \`list files\` · \`list files in src\`
- \`read README.md\`
- \`search for "TODO"\` · \`search TODO in src\`
- \`run git status\`
- \`create notes.txt with Hello\`

To get a real model, do one of these and start the server again:
1. Set a key in its environment: \`ANTHROPIC_API_KEY\`, \`OPENAI_API_KEY\`, \`GOOGLE_GENERATIVE_AI_API_KEY\`, or that of another provider.
2. Start a local model server; Ollama (port 11434), LM Studio (1234) and llama.cpp (8080) are found by themselves.
3. Name any OpenAI-compatible endpoint in \`opencode.json\`:
\`\`\`json
{
  "provider": {
    "acme": {
      "options": { "baseURL": "https://llm.example.com/v1", "apiKey": "{env:ACME_KEY}" },
      "models": { "acme-large": {} }
    }
  },
  "model": "acme/acme-large"
}
\`\`\`
`;

/** For a message that no rule fits. */
export const NOT_UNDERSTOOD = `I did not understand that. I am the offline guide, a set of fixed rules and not a language model, so I cannot think about your code. Try \`list files\`, \`read <file>\`, \`search for <text>\`, \`run <command>\` or \`create <file> with <text>\`; say \`help\` to see how to connect a real model.
`;

export function notOffered(tools: readonly string[]): string {
  const names = tools.map((tool) => `\`${tool}\``).join(' or ');
  return `I need the tool ${names} for that, and this agent does not offer it to me. Choose another agent or change its permissions.
`;
}
