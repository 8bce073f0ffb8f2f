import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';
import type { ToolAttachment, ToolResult } from '#libs/extension';

/** A tool ran and says that it failed. */
export class ToolFailedError extends Error {
  override readonly name = 'ToolFailedError';
}

/**
 * What a server answered, as the agent takes it: texts joined by blank lines, images and binary resources as files.
 * @throws ToolFailedError with the texts when the server says that the call failed
 */
export function toolResult(result: CallToolResult): ToolResult & { attachments: ToolAttachment[] } {
  const pieces = result.content.map(pieceOf);
  const texts = pieces.flatMap(({ text }) => (text === undefined ? [] : [text]));
  if (texts.length === 0 && result.structuredContent !== undefined)
    texts.push(JSON.stringify(result.structuredContent, null, 2));
  const output = texts.join('\n\n');
  if (result.isError) throw new ToolFailedError(output || 'The tool failed and did not say why');
  const { metadata } = result;
  return {
    title: '',
    output,
    metadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
    attachments: pieces.flatMap(({ file }) => file ?? []),
  };
}

interface Piece {
  text?: string;
  file?: ToolAttachment;
}

function pieceOf(block: ContentBlock): Piece {
  switch (block.type) {
    case 'text':
      return { text: block.text };
    case 'image':
      return { file: { mime: block.mimeType, url: dataUrl(block.mimeType, block.data) } };
    case 'audio':
      return { text: `[Audio that cannot be shown: ${block.mimeType}]` };
    case 'resource_link':
      return { text: `[Resource ${block.uri}: ${block.description ?? block.title ?? block.name}]` };
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return { text: resource.text };
      const { mimeType = 'application/octet-stream', uri, blob } = resource;
      return { file: { mime: mimeType, url: dataUrl(mimeType, blob), filename: uri } };
    }
  }
}

const dataUrl = (mime: string, base64: string) => `data:${mime};base64,${base64}`;
