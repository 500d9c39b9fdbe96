import { Upload } from 'lucide-react';
import { useRef } from 'react';

import { useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { naturalOrder } from '../kit/text';

export function UploadButton({ onFiles }: { readonly onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('project');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={t('upload.choose')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          onFiles(files.sort((a, b) => naturalOrder(a.name, b.name)));
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
      <Button variant="primary" icon={<Upload />} onClick={() => input.current?.click()}>
        {t('upload.title')}
      </Button>
    </>
  );
}
