import type { Catalogue } from '../catalogue';
import type { commands as en } from '../en/commands';

export const commands: Catalogue<typeof en> = {
  undo: '撤销',
};
