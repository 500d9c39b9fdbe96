import { ArrowLeft, ChevronLeft, ChevronRight, Keyboard, Search } from 'lucide-react';
import { Link } from 'wouter';

import type { ImageDetail, Project } from '../../api/types';
import { useSay, useTranslation } from '../../i18n';
import { AppearanceMenu } from '../app/AppearanceMenu';
import { SaveState } from '../app/SaveState';
import { IconButton } from '../kit/Button';
import { PAGE_COMMANDS, type PageContext } from './pageCommands';
import styles from './TopBar.module.css';
import { useKeyLabel } from './useKeyBindings';
import { ViewPanel } from './ViewPanel';

interface TopBarProps {
  readonly projectId: number;
  readonly image: ImageDetail | undefined;
  readonly project: Project | undefined;
  readonly context: PageContext;
}

export function TopBar({ projectId, image, project, context }: TopBarProps) {
  const { t } = useTranslation(['annotate', 'keyboard']);
  const shortcut = useShortcut();
  const say = useSay();
  return (
    <header className={styles.bar} data-region>
      <Link href={`/projects/${projectId}`} className={styles.back} aria-label={t('backToImages')}>
        <ArrowLeft aria-hidden />
        <span>{project?.name ?? t('images')}</span>
      </Link>
      <h1 title={image?.file_name}>{image?.file_name ?? '…'}</h1>
      <SaveState />
      <nav className={styles.nav} aria-label={t('images')}>
        <StepButton
          label={say({ key: 'commands:previousImage' })}
          shortcut={shortcut('previousImage')}
          onStep={context.goToPrevious}
        >
          <ChevronLeft />
        </StepButton>
        <span className={styles.position}>{image ? `${image.position} / ${image.total}` : '–'}</span>
        <StepButton
          label={say({ key: 'commands:nextImage' })}
          shortcut={shortcut('nextImage')}
          onStep={context.goToNext}
        >
          <ChevronRight />
        </StepButton>
      </nav>
      <IconButton
        label={t('keyboard:palette.open')}
        shortcut={shortcut('palette')}
        onClick={() => context.show('palette')}
      >
        <Search />
      </IconButton>
      <IconButton
        label={t('keysAndGestures')}
        shortcut={shortcut('help')}
        onClick={() => context.show('help')}
      >
        <Keyboard />
      </IconButton>
      <ViewPanel />
      <AppearanceMenu />
    </header>
  );
}

/** The key of a page's command, as it is now. */
function useShortcut(): (id: string) => string | undefined {
  const label = useKeyLabel();
  return (id) => {
    const command = PAGE_COMMANDS.find((each) => each.id === id);
    return command && label(command);
  };
}

interface StepButtonProps {
  readonly label: string;
  readonly shortcut: string | undefined;
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
