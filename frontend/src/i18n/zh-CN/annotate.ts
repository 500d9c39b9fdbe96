import type { Catalogue } from '../catalogue';
import type { annotate as en } from '../en/annotate';

export const annotate: Catalogue<typeof en> = {
  tools: '工具',
};
