import type { Catalogue } from '../catalogue';
import type { project as en } from '../en/project';

export const project: Catalogue<typeof en> = {
  title: '项目',
};
