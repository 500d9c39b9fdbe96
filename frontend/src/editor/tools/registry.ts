import { promptTool } from './prompt';
import { selectTool } from './select';
import type { Tool } from './tool';

/** A new tool is a file beside this one and a line here. The first tool is the one in hand at the start. */
export const TOOLS = [promptTool, selectTool] as const satisfies readonly [Tool, ...Tool[]];

/** Throws for an unknown id. */
export function toolById(id: string): Tool {
  const tool = TOOLS.find((candidate) => candidate.id === id);
  if (!tool)
    throw new Error(`There is no tool ${id}; there are ${TOOLS.map((known) => known.id).join(', ')}.`);
  return tool;
}
