/** How masks come into the document: one entry of the history, and apart from each other where that is wanted. */
import type { Core } from './core';
import type { Patch } from './document';
import type { Message } from '../i18n/message';
import type { Annotation, AnnotationChanges, EditingSettings } from './model';
import type { Objects } from './objects';
import { separate } from './overlaps';

export type Placement =
  { readonly patches: readonly Patch[]; readonly refusal: null } | { readonly refusal: Message };

export class Placing {
  constructor(
    private readonly core: Core,
    private readonly objects: Objects,
    private readonly settings: () => EditingSettings,
  ) {}

  /** What a person does now: one entry of the history; false where it is refused. */
  commit(annotations: readonly Annotation[], removed: readonly string[] = []): boolean {
    const placement = this.place(annotations, removed);
    if (placement.refusal) this.core.refuse(placement.refusal);
    else this.core.commit(placement.patches);
    return placement.refusal === null;
  }

  /** `annotations` as they shall be, known or new; `removed` go. */
  place(annotations: readonly Annotation[], removed: readonly string[] = []): Placement {
    const staying = this.core.document.annotations.filter(({ id }) => !removed.includes(id));
    const separation = separate(annotations, {
      annotations: staying,
      locked: this.objects.locked,
      rule: this.settings().overlaps,
      imageSize: this.core.imageSize,
    });
    if (separation.refusal) return separation;
    const patches = separation.annotations.map((annotation, i) => this.patchTo(annotation, i));
    return { patches: [...patches, ...removed.map((id): Patch => ({ kind: 'delete', id }))], refusal: null };
  }

  private patchTo(annotation: Annotation, at: number): Patch {
    const { document } = this.core;
    const before = document.find(annotation.id);
    if (before) return { kind: 'update', id: annotation.id, changes: changesBetween(before, annotation) };
    return { kind: 'create', annotation, index: document.annotations.length + at };
  }
}

function changesBetween(before: Annotation, after: Annotation): AnnotationChanges {
  const keys = Object.keys(after) as (keyof Annotation)[];
  const isChanged = (key: keyof Annotation) => key !== 'version' && after[key] !== before[key];
  return Object.fromEntries(keys.filter(isChanged).map((key) => [key, after[key]]));
}
