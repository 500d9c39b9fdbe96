import { brushTool, eraserTool } from './brush';
import { lassoTool } from './lasso';
import { polygonTool } from './polygon';
import { promptTool } from './prompt';
import { selectTool } from './select';
import type { Tool } from './tool';
import { verticesTool } from './vertices';

/** A new tool is a file beside this one and a line here. The first tool is the one in hand at the start. */
export const TOOLS = [
  promptTool,
  selectTool,
  brushTool,
  eraserTool,
  polygonTool,
  lassoTool,
  verticesTool,
] as const satisfies readonly [Tool, ...Tool[]];

/** Throws for an unknown id. */
export function toolById(id: string): Tool {
  const tool = TOOLS.find((candidate) => candidate.id === id);
  if (!tool)
    throw new Error(`There is no tool ${id}; there are ${TOOLS.map((known) => known.id).join(', ')}.`);
  return tool;
}
