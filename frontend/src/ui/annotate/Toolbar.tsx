import {
  Brush,
  Eraser,
  Lasso,
  Maximize,
  MousePointer2,
  Pentagon,
  Redo2,
  Sparkles,
  Undo2,
  VectorSquare,
  ZoomIn,
  ZoomOut,
  type LucideIcon,
} from 'lucide-react';

import { COMMANDS, type Command } from '../../editor/commands';
import type { Editor } from '../../editor/editor';
import { TOOLS } from '../../editor/tools/registry';
import { useSay, useTranslation } from '../../i18n';
import { IconButton } from '../kit/Button';
import { EditPanel } from './EditPanel';
import { PAGE_COMMANDS, type PageContext } from './pageCommands';
import styles from './Toolbar.module.css';
import { useMaybeEditorPart } from './useEditorPart';
import { useKeyLabel } from './useKeyBindings';

interface ToolbarProps {
  readonly editor: Editor | null;
  readonly context: PageContext;
}

const ICONS: Readonly<Record<string, LucideIcon>> = {
  prompt: Sparkles,
  select: MousePointer2,
  brush: Brush,
  eraser: Eraser,
  polygon: Pentagon,
  lasso: Lasso,
  vertices: VectorSquare,
  undo: Undo2,
  redo: Redo2,
  zoomIn: ZoomIn,
  zoomOut: ZoomOut,
  fit: Maximize,
};

export function Toolbar({ editor, context }: ToolbarProps) {
  const say = useSay();
  const { t } = useTranslation('annotate');
  const keyLabel = useKeyLabel();
  const tool = useMaybeEditorPart(editor, (snapshot) => snapshot.tool.id);
  const takesPoints = useMaybeEditorPart(editor, (snapshot) => snapshot.takesPoints);
  return (
    <div
      className={styles.bar}
      data-region
      role="toolbar"
      aria-label={t('tools')}
      aria-orientation="vertical"
    >
      {TOOLS.map(({ id, title, keys }) => (
        <IconButton
          key={id}
          label={id === 'prompt' && takesPoints === false ? t('boxesOnly', { tool: say(title) }) : say(title)}
          shortcut={keyLabel({ id: `tool.${id}`, keys })}
          pressed={tool === id}
          disabled={!editor}
          onClick={() => editor?.selectTool(id)}
        >
          <Icon id={id} />
        </IconButton>
      ))}
      {editor && <EditPanel editor={editor} onCopyToNext={context.copyToNext} />}
      <hr />
      {COMMANDS.filter(({ id }) => id === 'undo' || id === 'redo').map((command) => (
        <EditorButton key={command.id} command={command} editor={editor} />
      ))}
      <hr />
      {PAGE_COMMANDS.filter(({ id }) => id in ICONS).map((command) => (
        <IconButton
          key={command.id}
          label={say(command.title)}
          shortcut={keyLabel(command)}
          onClick={() => command.run(context)}
        >
          <Icon id={command.id} />
        </IconButton>
      ))}
    </div>
  );
}

function EditorButton({ command, editor }: { readonly command: Command; readonly editor: Editor | null }) {
  const say = useSay();
  const keyLabel = useKeyLabel();
  const isEnabled = useMaybeEditorPart(editor, () => editor !== null && command.enabled(editor));
  return (
    <IconButton
      label={say(command.title)}
      shortcut={keyLabel(command)}
      disabled={!isEnabled}
      onClick={() => editor && command.run(editor)}
    >
      <Icon id={command.id} />
    </IconButton>
  );
}

function Icon({ id }: { readonly id: string }) {
  const Shape = ICONS[id] ?? Sparkles;
  return <Shape aria-hidden />;
}
