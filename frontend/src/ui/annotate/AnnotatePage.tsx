import { useEffect, useState, type MouseEvent } from 'react';
import { useLocation } from 'wouter';

import { useServices } from '../app/services';
import { useTitle } from '../app/useTitle';
import styles from './AnnotatePage.module.css';
import { HelpDialog } from './HelpDialog';
import { OfflineBanner } from './OfflineBanner';
import type { PageContext } from './pageCommands';
import { SidePanel } from './SidePanel';
import { Stage } from './Stage';
import { StatusLine } from './StatusLine';
import { Toolbar } from './Toolbar';
import { TopBar } from './TopBar';
import { useCopyToNext } from './useCopyToNext';
import { useKeyboard } from './useKeyboard';
import { useSheet } from './useSheet';
import { View } from './view';

interface AnnotatePageProps {
  readonly projectId: number;
  readonly imageId: number;
}

/** Stays mounted from image to image: canvas, model and keyboard are at hand at once. */
export function AnnotatePage({ projectId, imageId }: AnnotatePageProps) {
  const opened = useSheet(projectId, imageId);
  const { sheet, image, project } = opened;
  const [view] = useState(() => new View());
  const [isHelpShown, setHelpShown] = useState(false);
  const goTo = useGoTo(projectId);
  useTitle(image && project ? `${image.file_name} · ${project.name}` : undefined);
  useModelRelease();
  const context: PageContext = {
    view,
    goToPrevious: goTo(image?.previous_id),
    goToNext: goTo(image?.next_id),
    copyToNext: useCopyToNext(opened),
    showHelp: () => setHelpShown(true),
  };
  useKeyboard(sheet?.editor ?? null, context);
  return (
    <div className={styles.page} onClickCapture={returnFocus}>
      <TopBar projectId={projectId} image={image} project={project} context={context} />
      <OfflineBanner />
      <div className={styles.middle}>
        <Toolbar editor={sheet?.editor ?? null} context={context} />
        <Stage imageId={imageId} opened={opened} view={view} />
        <SidePanel sheet={sheet} />
      </div>
      <StatusLine opened={opened} view={view} />
      {isHelpShown && <HelpDialog editor={sheet?.editor ?? null} onClose={() => setHelpShown(false)} />}
    </div>
  );
}

function useGoTo(projectId: number) {
  const [, navigate] = useLocation();
  return (id: number | null | undefined) =>
    typeof id === 'number' ? () => navigate(`/projects/${projectId}/images/${id}`, { replace: true }) : null;
}

/** Leaving the page frees the model; the sheets stay on the desk. */
function useModelRelease(): void {
  const { desk } = useServices();
  useEffect(
    () => () => {
      void desk.activate(null);
    },
    [desk],
  );
}

/** After a mouse click on a panel's button the keys belong to the canvas again. A keyboard click has no detail. */
function returnFocus(event: MouseEvent): void {
  const target = event.target as HTMLElement;
  if (event.detail === 0 || target.closest('input, select, dialog, [role=menu]')) return;
  document.querySelector<HTMLElement>('[role=application]')?.focus({ preventScroll: true });
}
