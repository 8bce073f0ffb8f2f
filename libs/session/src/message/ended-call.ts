import type { FilePart, ToolPart } from '#libs/contract';
import type { ToolAttachment, ToolResult } from '#libs/extension';

/** A call with its result. @param now milliseconds since the epoch @param attach makes a part of a file */
export function completedCall(
  part: ToolPart,
  { output, title, metadata = {}, attachments }: ToolResult,
  now: number,
  attach: (file: ToolAttachment) => FilePart,
): ToolPart {
  return {
    ...part,
    state: {
      ...{ status: 'completed', input: part.state.input, output, title, metadata, time: timeOf(part, now) },
      ...(attachments && { attachments: attachments.map(attach) }),
    },
  };
}

/** A call that came to nothing. What it had shown stays. @param now milliseconds since the epoch */
export function failedCall(part: ToolPart, error: string, now: number): ToolPart {
  const { state } = part;
  return {
    ...part,
    state: {
      ...{ status: 'error', input: state.input, error, time: timeOf(part, now) },
      ...(state.status === 'running' && state.metadata && { metadata: state.metadata }),
    },
  };
}

const timeOf = ({ state }: ToolPart, now: number) => ({ start: 'time' in state ? state.time.start : now, end: now });
