import type { Image } from './types';

export interface ImageEvent {
  readonly image_id: number;
  readonly embedding: Image['embedding'];
  readonly annotation_count: number;
}

/**
 * Live changes of a project's images. The browser reconnects by itself after a break; `onReconnect` then says that
 * events may have been missed, so that the caller reads the list again.
 */
export function followImages(
  projectId: number,
  onImage: (event: ImageEvent) => void,
  onReconnect: () => void,
): () => void {
  const source = new EventSource(`/api/projects/${projectId}/events`);
  let broken = false;
  source.onerror = () => {
    broken = true;
  };
  source.onopen = () => {
    if (broken) onReconnect();
    broken = false;
  };
  source.addEventListener('image', (event: MessageEvent<string>) =>
    onImage(JSON.parse(event.data) as ImageEvent),
  );
  return () => source.close();
}
