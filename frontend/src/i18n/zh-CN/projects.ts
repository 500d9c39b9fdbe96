import type { Catalogue } from '../catalogue';
import type { projects as en } from '../en/projects';

export const projects: Catalogue<typeof en> = {
  title: '项目',
};
