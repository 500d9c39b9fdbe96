import type { Catalogue } from '../catalogue';
import type { editor as en } from '../en/editor';

export const editor: Catalogue<typeof en> = {
  none: '无类别',
};
