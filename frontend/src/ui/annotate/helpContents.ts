/** What the help sheet has, in its order; the words are in `commands:groups` and `keyboard:help`. */

export const GROUPS = ['mask', 'edit', 'object', 'category', 'tool', 'image', 'view', 'crosshair'] as const;

export const GESTURES = [
  { id: 'mouse', names: ['hover', 'click', 'leaveOut', 'box', 'wheel', 'step', 'pan'] },
  { id: 'touch', names: ['tap', 'longPress', 'oneFinger', 'twoFingers', 'twoTap', 'threeTap'] },
  { id: 'pen', names: ['pressure', 'barrel', 'palm'] },
] as const;
