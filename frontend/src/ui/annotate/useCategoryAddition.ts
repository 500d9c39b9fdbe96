import { useMutation, useQueryClient } from '@tanstack/react-query';

import { addCategory } from '../../api/projects';
import type { Category } from '../../api/types';
import type { Editor } from '../../editor/editor';
import { projectQuery } from '../app/queries';
import { nextColor } from '../kit/palette';

/** The new category is in hand, with its number key, before the project is read again. */
export function useCategoryAddition(editor: Editor, projectId: number) {
  const queries = useQueryClient();
  const { queryKey } = projectQuery(projectId);
  const color = () => nextColor(editor.getSnapshot().categories.map((category) => category.color));
  const take = (created: Category) => {
    const add = (categories: readonly Category[]) => [...categories, created];
    queries.setQueryData(
      queryKey,
      (project) => project && { ...project, categories: add(project.categories) },
    );
    editor.setCategories([...editor.getSnapshot().categories, created]);
    editor.objects.setCategory(created.id);
  };
  return useMutation({
    mutationFn: (name: string) => addCategory(projectId, { name, color: color() }),
    onSuccess: take,
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}
