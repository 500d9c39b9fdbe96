import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';

import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { focusCanvas } from './focusCanvas';
import { type Held, indexOf, rowAfter, selectionAfter } from './gridSelection';
import styles from './ObjectList.module.css';
import { ObjectMenu } from './ObjectMenu';
import type { Row } from './objectRows';
import { GroupRowView, ObjectRowView } from './ObjectRowView';
import { useEditorPart } from './useEditorPart';
import type { SavingStates } from './useSavingStates';

const ROW_PX = 28;

interface ObjectGridProps {
  readonly editor: Editor;
  readonly rows: readonly Row[];
  readonly saving: SavingStates;
  readonly onFold: (key: string) => void;
}

/**
 * A tree grid with one tab stop: the active row is pointed at by `aria-activedescendant`, and is in the document wherever
 * the list is scrolled to. Of all other rows only those in sight are.
 */
export function ObjectGrid({ editor, rows, saving, onFold }: ObjectGridProps) {
  const { t } = useTranslation('objects');
  const grid = useRef<HTMLDivElement>(null);
  const id = useId();
  const cursor = useCursor(editor, rows);
  const { virtual, follow } = useRows(grid, rows, cursor.index);
  useFollowing(cursor.last, rows, follow);
  const choose = (key: string, held: Held) => {
    const choice = { rows, selection: editor.getSnapshot().selection, anchor: cursor.anchor };
    const selection = selectionAfter(key, held, choice);
    if (selection) editor.select(selection);
    cursor.moveTo(key, held.shift ? (cursor.anchor ?? key) : key);
  };
  const keys = { rows, active: cursor.index, choose, onFold, follow };
  const idOf = (key: string) => `${id}${key}`;
  const active = rows[cursor.index];
  const body = (
    <div
      ref={grid}
      role="treegrid"
      aria-label={t('list')}
      aria-multiselectable
      aria-rowcount={rows.length}
      aria-activedescendant={active && idOf(active.key)}
      tabIndex={0}
      className={styles.grid}
      data-region
      onKeyDown={(event) => onGridKey(event, keys)}
      onClick={(event) => onGridClick(event, rows, choose, onFold)}
      onContextMenu={(event) => onGridMenu(event, editor, active)}
      onPointerLeave={() => editor.objects.hover(null)}
    >
      <div role="rowgroup" className={styles.rows} style={{ height: virtual.height }}>
        {virtual.items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const placed = {
            ...{ editor, index },
            rowId: idOf(row.key),
            top: start,
            isActive: index === cursor.index,
          };
          if (row.kind === 'group') return <GroupRowView key={row.key} {...placed} row={row} />;
          const { annotation, number, level } = row;
          return (
            <ObjectRowView
              key={row.key}
              {...placed}
              {...{ annotation, number, level }}
              saving={saving.get(row.key)}
            />
          );
        })}
      </div>
    </div>
  );
  return <ObjectMenu editor={editor}>{body}</ObjectMenu>;
}

/** The active row follows what is selected last, until a key or a press moves it. */
function useCursor(editor: Editor, rows: readonly Row[]) {
  const last = useEditorPart(editor, ({ selection }) => selection.at(-1) ?? null);
  const [moved, setMoved] = useState<{ key: string; anchor: string; after: string | null } | null>(null);
  const isCurrent = moved !== null && (moved.after === last || moved.key === last);
  return {
    last,
    index: indexOf(rows, isCurrent ? moved.key : last),
    anchor: isCurrent ? moved.anchor : last,
    moveTo: (key: string, anchor: string) =>
      setMoved({ key, anchor, after: editor.getSnapshot().selection.at(-1) ?? null }),
  };
}

/** Rows in sight, and the active one. */
function useRows(grid: RefObject<HTMLDivElement | null>, rows: readonly Row[], active: number) {
  // The virtualiser's functions read what changes while it scrolls: nothing here may be kept from render to render.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      return active < 0 || seen.includes(active) ? seen : [...seen, active].sort((a, b) => a - b);
    },
  });
  return {
    virtual: { items: virtualizer.getVirtualItems(), height: virtualizer.getTotalSize() },
    follow: (index: number) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}

/** The list scrolls to what is selected, wherever that was done. */
function useFollowing(last: string | null, rows: readonly Row[], follow: (index: number) => void): void {
  const latest = useRef({ rows, follow });
  useEffect(() => {
    latest.current = { rows, follow };
  });
  useEffect(() => {
    const index = indexOf(latest.current.rows, last);
    if (index >= 0) latest.current.follow(index);
  }, [last]);
}

interface GridKeys {
  readonly rows: readonly Row[];
  readonly active: number;
  readonly choose: (key: string, held: Held) => void;
  readonly onFold: (key: string) => void;
  readonly follow: (index: number) => void;
}

/** Keys that are not the list's own are the page's. */
function onGridKey(event: KeyboardEvent, keys: GridKeys): void {
  if (event.target !== event.currentTarget || event.altKey) return;
  const isTaken = moved(event, keys) || pressed(event, keys);
  if (isTaken) event.preventDefault();
}

function moved(event: KeyboardEvent, { rows, active, choose, follow }: GridKeys): boolean {
  const next = rowAfter(event.key, active, rows.length);
  const row = next === null ? undefined : rows[next];
  if (next === null || !row) return false;
  choose(row.key, { shift: event.shiftKey, mod: false });
  follow(next);
  return true;
}

function pressed(event: KeyboardEvent, { rows, active, choose, onFold }: GridKeys): boolean {
  const row = rows[active];
  if (event.key === 'Escape' || (event.key === 'Enter' && row?.kind !== 'group')) focusCanvas();
  else if (row?.kind === 'group' && isFolding(event.key, row.isFolded)) onFold(row.key);
  else if (event.key === ' ' && row) choose(row.key, { shift: false, mod: true });
  else return false;
  return true;
}

function isFolding(key: string, isFolded: boolean): boolean {
  return key === 'Enter' || key === ' ' || key === (isFolded ? 'ArrowRight' : 'ArrowLeft');
}

function onGridClick(
  event: MouseEvent,
  rows: readonly Row[],
  choose: GridKeys['choose'],
  onFold: GridKeys['onFold'],
): void {
  const target = event.target as HTMLElement;
  const key = keyAt(target);
  if (key === null || target.closest('button')) return;
  choose(key, { shift: event.shiftKey, mod: event.ctrlKey || event.metaKey });
  if (rows.some((row) => row.key === key && row.kind === 'group')) onFold(key);
}

/** The menu is about what is selected: a press beside the selection selects, and so does the key of the active row. */
function onGridMenu(event: MouseEvent, editor: Editor, active: Row | undefined): void {
  const key = keyAt(event.target as HTMLElement) ?? active?.key;
  const isMask = editor.getSnapshot().annotations.some(({ id }) => id === key);
  if (key !== undefined && isMask && !editor.getSnapshot().selection.includes(key)) editor.select([key]);
}

const keyAt = (target: HTMLElement): string | null =>
  target.closest<HTMLElement>('[data-key]')?.dataset.key ?? null;
