/**
 * The annotations of one image. They change through patches alone, and every patch gives back its inverse, computed from
 * what is there at that moment: undo needs no snapshot, and does not overwrite what the server brought in between.
 */
import type { Annotation, AnnotationChanges, Change } from './model';

export type Patch =
  | { readonly kind: 'create'; readonly annotation: Annotation; readonly index: number }
  | { readonly kind: 'update'; readonly id: string; readonly changes: AnnotationChanges }
  | { readonly kind: 'delete'; readonly id: string };

export class Document {
  constructor(
    private list: readonly Annotation[],
    private readonly report: (change: Change) => void,
  ) {}

  /** A new array at every change. */
  get annotations(): readonly Annotation[] {
    return this.list;
  }

  find(id: string): Annotation | undefined {
    return this.list.find((annotation) => annotation.id === id);
  }

  /** Returns the inverse; null when the patch no longer applies or changes nothing. */
  apply(patch: Patch): Patch | null {
    switch (patch.kind) {
      case 'create':
        return this.create(patch.annotation, patch.index);
      case 'update':
        return this.update(patch.id, patch.changes);
      case 'delete':
        return this.delete(patch.id);
    }
  }

  /** The server has stored the annotation under this version. It may be gone here by now: then nothing happens. */
  acknowledge(id: string, version: number): void {
    this.list = this.list.map((annotation) =>
      annotation.id === id ? { ...annotation, version } : annotation,
    );
  }

  /** Takes over what the server says, reporting nothing. */
  replace(annotation: Annotation): void {
    this.list = this.find(annotation.id)
      ? this.list.map((ours) => (ours.id === annotation.id ? annotation : ours))
      : [...this.list, annotation];
  }

  /** The server no longer has it. */
  remove(id: string): void {
    this.list = this.list.filter((annotation) => annotation.id !== id);
  }

  /** What is created is new to the server, also where it was stored, deleted and is brought back by undo: version 0. */
  private create(annotation: Annotation, index: number): Patch | null {
    if (this.find(annotation.id)) return null;
    const fresh = { ...annotation, version: 0 };
    this.list = this.list.toSpliced(index, 0, fresh);
    this.report({ kind: 'create', annotation: fresh });
    return { kind: 'delete', id: annotation.id };
  }

  private update(id: string, changes: AnnotationChanges): Patch | null {
    const before = this.find(id);
    const keys = Object.keys(changes) as (keyof AnnotationChanges)[];
    if (!before || keys.every((key) => before[key] === changes[key])) return null;
    const after = { ...before, ...changes };
    this.replace(after);
    this.report({ kind: 'update', id, changes, after, baseVersion: before.version });
    return { kind: 'update', id, changes: Object.fromEntries(keys.map((key) => [key, before[key]])) };
  }

  private delete(id: string): Patch | null {
    const annotation = this.find(id);
    if (!annotation) return null;
    const index = this.list.indexOf(annotation);
    this.remove(id);
    this.report({ kind: 'delete', id, version: annotation.version });
    return { kind: 'create', annotation, index };
  }
}
