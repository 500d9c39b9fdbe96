import type { Catalogue } from '../catalogue';
import type { projects as en } from '../en/projects';

export const projects: Catalogue<typeof en> = {
  title: '项目',
  create: '新建项目',
  confirmCreate: '创建',
  name: '名称',
  namePlaceholder: '街景',
  categories: '类别（以后可以再添加）',
  categoriesPlaceholder: '汽车, 行人, 树木',
  removeCategory: '移除“{{name}}”',
  prepared: '已准备 {{done, number}} / {{count, number}}',
  emptyTitle: '从一个项目开始',
  empty: '项目包含图像，以及要在其中标注的类别。所有内容都保存在这台服务器上。',
  unreadable: '无法读取项目列表',
};
