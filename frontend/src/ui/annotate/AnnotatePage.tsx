import { useEffect, useState, type MouseEvent } from 'react';
import { useLocation } from 'wouter';

import { useServices } from '../app/services';
import { useTitle } from '../app/useTitle';
import { actionsOf } from './actions';
import styles from './AnnotatePage.module.css';
import { Announcer } from './Announcer';
import { OfflineBanner } from './OfflineBanner';
import type { PageContext, PageDialog } from './pageCommands';
import { PageDialogs } from './PageDialogs';
import { SidePanel } from './SidePanel';
import { SkipLinks } from './SkipLinks';
import { Stage } from './Stage';
import { StatusLine } from './StatusLine';
import { Toolbar } from './Toolbar';
import { ToolOptions } from './ToolOptions';
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
  const [dialog, setDialog] = useState<PageDialog | null>(null);
  const goTo = useGoTo(projectId);
  useTitle(image && project ? `${image.file_name} · ${project.name}` : undefined);
  useModelRelease();
  const context: PageContext = {
    view,
    editor: sheet?.editor ?? null,
    goToPrevious: goTo(image?.previous_id),
    goToNext: goTo(image?.next_id),
    copyToNext: useCopyToNext(opened),
    show: setDialog,
    preferences: useServices().preferences,
  };
  const actions = actionsOf(context);
  useKeyboard(actions);
  return (
    <div className={styles.page} onClickCapture={returnFocus}>
      <SkipLinks />
      <TopBar projectId={projectId} image={image} project={project} context={context} />
      <OfflineBanner />
      <main className={styles.middle}>
        <Toolbar editor={sheet?.editor ?? null} context={context} />
        <div className={styles.centre}>
          <ToolOptions editor={sheet?.editor ?? null} />
          <Stage imageId={imageId} opened={opened} view={view} />
        </div>
        <SidePanel sheet={sheet} />
      </main>
      <StatusLine opened={opened} view={view} />
      <PageDialogs shown={dialog} sheet={sheet} projectId={projectId} actions={actions} onShow={setDialog} />
      <Announcer opened={opened} />
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
  if (event.detail === 0 || target.closest('input, select, dialog, [data-popup]')) return;
  document.querySelector<HTMLElement>('[role=application]')?.focus({ preventScroll: true });
}
