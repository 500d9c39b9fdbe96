import { SquarePlus, SquaresIntersect, SquaresSubtract, SquaresUnite } from 'lucide-react';

import type { Editor } from '../../editor/editor';
import type { EditorSnapshot, RingOperation } from '../../editor/model';
import { useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { SegmentedControl } from '../kit/SegmentedControl';
import { Slider } from '../kit/Slider';
import { PromptOptions } from './PromptOptions';
import styles from './ToolOptions.module.css';
import { useEditorPart } from './useEditorPart';

interface ToolOptionsProps {
  readonly editor: Editor;
}

/** What the tool in hand can be set to, and what it would change. The bar is always there: the canvas never jumps. */
export function ToolOptions({ editor }: { readonly editor: Editor | null }) {
  const { t } = useTranslation('annotate');
  return (
    <div className={styles.bar} role="group" aria-label={t('options.title')}>
      {editor && <OptionsOfTool editor={editor} />}
    </div>
  );
}

function OptionsOfTool({ editor }: ToolOptionsProps) {
  const { t } = useTranslation('annotate');
  const tool = useEditorPart(editor, (snapshot) => snapshot.tool.id);
  const target = useEditorPart(editor, targetOf);
  const Options = OPTIONS[tool];
  if (!Options) return <p className={styles.hint}>{t('options.selectHint')}</p>;
  return (
    <>
      <span className={styles.target} data-target={target}>
        {t(`options.${target}`)}
      </span>
      <Options editor={editor} />
    </>
  );
}

const OPTIONS: Readonly<Partial<Record<string, (props: ToolOptionsProps) => React.ReactNode>>> = {
  prompt: PromptOptions,
  brush: BrushOptions,
  eraser: BrushOptions,
  polygon: RingOptions,
  lasso: RingOptions,
  vertices: VertexOptions,
};

function targetOf({ making, editedId, editing, tool }: EditorSnapshot): 'making' | 'selected' | 'fresh' {
  const beginsAnew = editing.operation === 'new' && (tool.id === 'polygon' || tool.id === 'lasso');
  if (beginsAnew) return 'fresh';
  if (making) return 'making';
  return editedId === null ? 'fresh' : 'selected';
}

function BrushOptions({ editor }: ToolOptionsProps) {
  const { t } = useTranslation('annotate');
  const size = useEditorPart(editor, (snapshot) => snapshot.editing.brushSize);
  return (
    <>
      <Slider
        inline
        label={t('options.brushSize')}
        value={size}
        min={1}
        max={editor.editing.largestBrush}
        onChange={(brushSize) => editor.editing.set({ brushSize })}
      />
      <p className={styles.hint}>{t('options.brushHint')}</p>
    </>
  );
}

const OPERATIONS: readonly { readonly value: RingOperation; readonly icon: React.ReactNode }[] = [
  { value: 'add', icon: <SquaresUnite aria-hidden /> },
  { value: 'subtract', icon: <SquaresSubtract aria-hidden /> },
  { value: 'intersect', icon: <SquaresIntersect aria-hidden /> },
  { value: 'new', icon: <SquarePlus aria-hidden /> },
];

function RingOptions({ editor }: ToolOptionsProps) {
  const { t } = useTranslation('annotate');
  const operation = useEditorPart(editor, (snapshot) => snapshot.editing.operation);
  const tool = useEditorPart(editor, (snapshot) => snapshot.tool.id);
  return (
    <>
      <SegmentedControl
        label={t('options.operation')}
        segments={OPERATIONS.map((segment) => ({
          ...segment,
          label: t(`options.operations.${segment.value}`),
        }))}
        value={operation}
        onChange={(chosen) => editor.editing.set({ operation: chosen })}
      />
      <p className={styles.hint}>{t(tool === 'polygon' ? 'options.polygonHint' : 'options.lassoHint')}</p>
    </>
  );
}

const MOST_TOLERANCE = 10;

function VertexOptions({ editor }: ToolOptionsProps) {
  const { t } = useTranslation('annotate');
  const tolerance = useEditorPart(editor, (snapshot) => snapshot.editing.tolerance);
  const count = useEditorPart(editor, vertexCount);
  if (count === null) return <p className={styles.hint}>{t('options.noVertices')}</p>;
  return (
    <>
      <Slider
        inline
        label={t('options.tolerance')}
        value={tolerance}
        min={0}
        max={MOST_TOLERANCE}
        step={0.5}
        format={{ maximumFractionDigits: 1 }}
        onChange={(value) => editor.editing.set({ tolerance: value })}
      />
      <span className={styles.count}>{t('options.vertices', { count })}</span>
      <Button onClick={() => editor.outlines.keepShown()}>{t('options.keepVertices')}</Button>
    </>
  );
}

function vertexCount({ tool: { draft } }: EditorSnapshot): number | null {
  return draft?.kind === 'rings' ? draft.rings.reduce((sum, ring) => sum + ring.length, 0) : null;
}
