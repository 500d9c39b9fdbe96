import { Upload } from 'lucide-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';

import { errorOf, useTranslation } from '../../i18n';
import { useServices } from '../app/services';
import { droppedFiles } from './droppedFiles';
import styles from './DropTarget.module.css';

interface DropTargetProps {
  readonly onFiles: (files: File[]) => void;
  readonly children: ReactNode;
}

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** The whole page takes files and folders. */
export function DropTarget({ onFiles, children }: DropTargetProps) {
  const { t } = useTranslation('project');
  const { toasts } = useServices();
  const [over, setOver] = useState(false);
  // Every element below fires enter and leave of its own: count them.
  const depth = useRef(0);
  const track = (step: 1 | -1) => (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth.current += step;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    droppedFiles(event.dataTransfer)
      .then(onFiles)
      .catch((error: unknown) =>
        toasts.bad({ key: 'project:dropUnreadable', values: { reason: errorOf(error) } }),
      );
  };
  return (
    <div
      className={styles.target}
      onDragEnter={track(1)}
      onDragLeave={track(-1)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className={styles.veil}>
          <Upload aria-hidden />
          <p>{t('drop')}</p>
        </div>
      )}
    </div>
  );
}
