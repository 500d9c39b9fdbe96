import type { Editor } from '../../editor/editor';
import type { Annotation } from '../../editor/model';

/** Makes the editor show these annotations; what is the same already is not touched. */
export function reconcile(editor: Editor, wanted: readonly Annotation[]): void {
  const shown = new Map(editor.getSnapshot().annotations.map((annotation) => [annotation.id, annotation]));
  for (const annotation of wanted) {
    const before = shown.get(annotation.id);
    if (!before || !isSame(before, annotation)) editor.replaceAnnotation(annotation);
    shown.delete(annotation.id);
  }
  for (const id of shown.keys()) editor.removeAnnotation(id);
}

/** A change of the mask is a change of the version. */
function isSame(a: Annotation, b: Annotation): boolean {
  return a.version === b.version && a.categoryId === b.categoryId;
}
