import type { Catalogue } from '../catalogue';
import type { durability as en } from '../en/durability';

export const durability: Catalogue<typeof en> = {
  allSaved: '已全部保存',
};
