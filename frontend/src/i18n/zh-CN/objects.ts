import type { Catalogue } from '../catalogue';
import type { objects as en } from '../en/objects';

export const objects: Catalogue<typeof en> = {
  title: '对象',
};
