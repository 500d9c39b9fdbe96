import { promptTool } from './prompt';
import { selectTool } from './select';
import type { Tool } from './tool';

/** A new tool is a file beside this one and a line here. The first tool is the one in hand at the start. */
export const TOOLS: readonly Tool[] = [promptTool, selectTool];
