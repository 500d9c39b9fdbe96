import {
  ChevronDown,
  ChevronRight,
  CloudOff,
  Eye,
  EyeOff,
  FileInput,
  Hand,
  Lock,
  LockOpen,
  Sparkles,
  type LucideIcon,
} from 'lucide-react';
import { memo } from 'react';

import { colorOf } from '../../editor/color';
import type { Editor } from '../../editor/editor';
import type { Annotation } from '../../editor/model';
import { useLanguage, useTranslation } from '../../i18n';
import { RefusalBadge } from '../app/RefusalBadge';
import { IconButton } from '../kit/Button';
import { compactNumber, fixedNumber } from './numbers';
import { type SavingState, scoreOf, type Source } from './objectFilter';
import type { GroupRow } from './objectRows';
import styles from './ObjectList.module.css';
import { Swatch } from './Swatch';
import { useEditorPart } from './useEditorPart';

interface PlacedProps {
  readonly editor: Editor;
  readonly rowId: string;
  /** From 0. */
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly isActive: boolean;
}

const SOURCE_ICONS: Readonly<Record<Source, LucideIcon>> = {
  model: Sparkles,
  manual: Hand,
  import: FileInput,
};

interface ObjectRowProps extends PlacedProps {
  readonly annotation: Annotation;
  readonly number: number;
  readonly level: number;
  readonly saving: SavingState | undefined;
}

/** Drawn anew only when something about this one mask changes: it asks the editor about itself alone. */
export const ObjectRowView = memo(function ObjectRowView(props: ObjectRowProps) {
  const { editor, rowId, index, top, isActive, annotation, number, level, saving } = props;
  const { t } = useTranslation(['objects', 'annotate']);
  const { id, categoryId } = annotation;
  const isSelected = useEditorPart(editor, ({ selection }) => selection.includes(id));
  const isHovered = useEditorPart(editor, ({ hoveredId }) => hoveredId === id);
  const isOutOfSight = useEditorPart(editor, ({ hidden }) => hidden.has(id));
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const place = categories.findIndex((category) => category.id === categoryId);
  const name = categories[place]?.name ?? t('annotate:noCategory');
  return (
    <div
      role="row"
      id={rowId}
      data-key={id}
      aria-rowindex={index + 1}
      aria-level={level}
      aria-selected={isSelected}
      className={styles.row}
      data-active={isActive}
      data-hovered={isHovered}
      data-dim={isOutOfSight}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: level * 12 - 4 }}
      onPointerEnter={() => editor.objects.hover(id)}
    >
      <span role="gridcell" className={styles.what}>
        <Swatch color={colorOf(annotation, categories)} place={place} />
        <span className={styles.number}>{number}</span>
        <span className={styles.name}>{name}</span>
        <SavingMark id={id} saving={saving} />
      </span>
      <Facts annotation={annotation} />
      <span role="gridcell" className={styles.flags}>
        <Toggles editor={editor} id={id} name={`${number} ${name}`} />
      </span>
    </div>
  );
});

function Facts({ annotation }: { readonly annotation: Annotation }) {
  const { t } = useTranslation(['objects', 'annotate']);
  const language = useLanguage();
  const score = scoreOf(annotation);
  const { area } = annotation.mask;
  const { source } = annotation.provenance;
  const Icon = SOURCE_ICONS[source];
  return (
    <>
      <span role="gridcell" className={styles.fact} title={score === null ? undefined : t('score')}>
        {score === null ? '' : fixedNumber(score, language)}
      </span>
      <span role="gridcell" className={styles.area} title={t('annotate:masks.area', { area })}>
        {compactNumber(area, language)}
      </span>
      <span role="gridcell" className={styles.source} title={t(`sources.${source}`)}>
        <Icon role="img" aria-label={t(`sources.${source}`)} />
      </span>
    </>
  );
}

function SavingMark({ id, saving }: { readonly id: string; readonly saving: SavingState | undefined }) {
  const { t } = useTranslation('objects');
  return (
    <>
      {saving === 'unsaved' && (
        <CloudOff role="img" aria-label={t('states.unsaved')} className={styles.unsaved} />
      )}
      {/* Always there: its dialog stays open after the decision that ends the refusal. */}
      <RefusalBadge annotationId={id} />
    </>
  );
}

interface TogglesProps {
  readonly editor: Editor;
  readonly id: string;
  readonly name: string;
}

/** Seen under the pointer, and while they are on. By keyboard there are commands: the list has one tab stop. */
function Toggles({ editor, id, name }: TogglesProps) {
  const { t } = useTranslation('objects');
  const isLocked = useEditorPart(editor, ({ locked }) => locked.has(id));
  const isHidden = useEditorPart(editor, ({ hiddenByHand }) => hiddenByHand.has(id));
  return (
    <>
      <IconButton
        tabIndex={-1}
        label={t(isLocked ? 'unlock' : 'lock', { name })}
        pressed={isLocked}
        onClick={() => editor.objects.setLocked([id], !isLocked)}
      >
        {isLocked ? <Lock /> : <LockOpen />}
      </IconButton>
      <IconButton
        tabIndex={-1}
        label={t(isHidden ? 'show' : 'hide', { name })}
        pressed={isHidden}
        onClick={() => editor.objects.setHidden([id], !isHidden)}
      >
        {isHidden ? <EyeOff /> : <Eye />}
      </IconButton>
    </>
  );
}

interface GroupRowProps extends PlacedProps {
  readonly row: GroupRow;
}

export const GroupRowView = memo(function GroupRowView(props: GroupRowProps) {
  const { editor, rowId, index, top, isActive, row } = props;
  const { categoryId, name, count, isFolded } = row;
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const place = categories.findIndex((category) => category.id === categoryId);
  const Arrow = isFolded ? ChevronRight : ChevronDown;
  return (
    <div
      role="row"
      id={rowId}
      data-key={row.key}
      aria-rowindex={index + 1}
      aria-level={1}
      aria-expanded={!isFolded}
      className={styles.group}
      data-active={isActive}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className={styles.what}>
        <Arrow aria-hidden className={styles.arrow} />
        <Swatch color={categories[place]?.color ?? null} place={place} />
        <span className={styles.name}>{name}</span>
        <span className={styles.fact}>{count}</span>
      </span>
    </div>
  );
});
