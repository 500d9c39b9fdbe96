import { Upload } from 'lucide-react';
import { useRef } from 'react';

import { Button } from '../kit/Button';

export function UploadButton({ onFiles }: { readonly onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Images to upload"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
      <Button variant="primary" icon={<Upload />} onClick={() => input.current?.click()}>
        Upload
      </Button>
    </>
  );
}
