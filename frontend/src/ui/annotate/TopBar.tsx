import { ArrowLeft, ChevronLeft, ChevronRight, Keyboard } from 'lucide-react';
import { Link } from 'wouter';

import type { ImageDetail, Project } from '../../api/types';
import { useSay, useTranslation } from '../../i18n';
import { AppearanceMenu } from '../app/AppearanceMenu';
import { SaveState } from '../app/SaveState';
import { IconButton } from '../kit/Button';
import type { PageContext } from './pageCommands';
import styles from './TopBar.module.css';

interface TopBarProps {
  readonly projectId: number;
  readonly image: ImageDetail | undefined;
  readonly project: Project | undefined;
  readonly context: PageContext;
}

export function TopBar({ projectId, image, project, context }: TopBarProps) {
  const { t } = useTranslation('annotate');
  const say = useSay();
  return (
    <header className={styles.bar}>
      <Link href={`/projects/${projectId}`} className={styles.back} aria-label={t('backToImages')}>
        <ArrowLeft aria-hidden />
        <span>{project?.name ?? t('images')}</span>
      </Link>
      <h1 title={image?.file_name}>{image?.file_name ?? '…'}</h1>
      <SaveState />
      <nav className={styles.nav} aria-label={t('images')}>
        <StepButton label={say({ key: 'commands:previousImage' })} shortcut="A" onStep={context.goToPrevious}>
          <ChevronLeft />
        </StepButton>
        <span className={styles.position}>{image ? `${image.position} / ${image.total}` : '–'}</span>
        <StepButton label={say({ key: 'commands:nextImage' })} shortcut="D" onStep={context.goToNext}>
          <ChevronRight />
        </StepButton>
      </nav>
      <IconButton label={t('keysAndGestures')} shortcut="?" onClick={context.showHelp}>
        <Keyboard />
      </IconButton>
      <AppearanceMenu />
    </header>
  );
}

interface StepButtonProps {
  readonly label: string;
  readonly shortcut: string;
  readonly onStep: (() => void) | null;
  readonly children: React.ReactNode;
}

function StepButton({ label, shortcut, onStep, children }: StepButtonProps) {
  return (
    <IconButton label={label} shortcut={shortcut} disabled={!onStep} onClick={() => onStep?.()}>
      {children}
    </IconButton>
  );
}
