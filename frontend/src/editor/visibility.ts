/** Which annotations are out of sight or out of reach. It concerns this page alone: nothing of it is stored. */
import type { Annotation } from './model';

const NONE: ReadonlySet<string> = new Set();

/** What decides that an annotation is not drawn. */
interface Sight {
  readonly annotations: readonly Annotation[];
  readonly selection: readonly string[];
  readonly hiddenByHand: ReadonlySet<string>;
  readonly isSolo: boolean;
  readonly listed: readonly string[] | null;
}

export class Visibility {
  /** Hidden one by one. */
  hiddenByHand = NONE;
  /** Neither hit by the pointer nor changed. */
  locked = NONE;
  /** Only the selected ones are drawn, while any is selected. */
  isSolo = false;
  /** What the list of annotations shows, in its order; null where it shows all of them in theirs. */
  listed: readonly string[] | null = null;
  /** Whether the canvas leaves out what the list leaves out. */
  drawsListedOnly = false;
  private last: { readonly sight: Sight; readonly hidden: ReadonlySet<string> } | null = null;

  setHidden(ids: readonly string[], isHidden: boolean): void {
    this.hiddenByHand = changed(this.hiddenByHand, ids, isHidden);
  }

  setLocked(ids: readonly string[], isLocked: boolean): void {
    this.locked = changed(this.locked, ids, isLocked);
  }

  /** Not drawn, for whatever reason; the same set until a reason changes. */
  hidden(annotations: readonly Annotation[], selection: readonly string[]): ReadonlySet<string> {
    const isSolo = this.isSolo && selection.length > 0;
    const listed = this.drawsListedOnly ? this.listed : null;
    if (!isSolo && !listed) return this.hiddenByHand;
    const sight: Sight = { annotations, selection, hiddenByHand: this.hiddenByHand, isSolo, listed };
    if (this.last && isEqual(this.last.sight, sight)) return this.last.hidden;
    const hidden = hiddenIn(sight);
    this.last = { sight, hidden };
    return hidden;
  }

  /** In the order of the list: what can be walked to. */
  reachable(annotations: readonly Annotation[]): readonly string[] {
    const ids = this.listed ?? annotations.map(({ id }) => id);
    return ids.filter((id) => !this.hiddenByHand.has(id));
  }
}

function hiddenIn({ annotations, selection, hiddenByHand, isSolo, listed }: Sight): ReadonlySet<string> {
  const shown = isSolo ? new Set(selection) : null;
  const kept = listed && new Set(listed);
  const isOut = ({ id }: Annotation) =>
    hiddenByHand.has(id) || (shown !== null && !shown.has(id)) || (kept !== null && !kept.has(id));
  return new Set(annotations.filter(isOut).map(({ id }) => id));
}

function isEqual(one: Sight, other: Sight): boolean {
  return (Object.keys(one) as (keyof Sight)[]).every((key) => one[key] === other[key]);
}

function changed(set: ReadonlySet<string>, ids: readonly string[], isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}
