import type { ToolModel } from '#libs/extension';

/** The tool that takes the place of `edit` and `write` for models that were taught patches. */
const PATCH = 'apply_patch';
const REPLACED: ReadonlySet<string> = new Set(['edit', 'write']);

/** Whether a model changes files by patches. */
function usesPatches({ modelID }: ToolModel): boolean {
  return modelID.includes('gpt-') && !modelID.includes('oss') && !modelID.includes('gpt-4');
}

/** A model is told of one way to change files. */
export function forFileChanges<T extends { id: string }>(tools: readonly T[], model: ToolModel): T[] {
  const patches = usesPatches(model) && tools.some(({ id }) => id === PATCH);
  return tools.filter(({ id }) => (patches ? !REPLACED.has(id) : id !== PATCH));
}
