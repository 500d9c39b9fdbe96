import type { Image, ModelEntry } from './types';

export interface ImageEvent {
  readonly image_id: number;
  readonly embedding: Image['embedding'];
  readonly annotation_count: number;
}

export interface ProjectListener {
  readonly onImage: (event: ImageEvent) => void;
  /** The project's model changed, or the one that it waits for. */
  readonly onProject: () => void;
  /** How far the fetching of a model is; without the numbers of a project. */
  readonly onModel: (entry: ModelEntry) => void;
  /** Events may have been missed: read again. */
  readonly onGap: () => void;
}

/**
 * Live changes of a project. The browser reconnects by itself after a break. A page out of sight listens to nothing: a
 * browser has six connections to a server, and a stream holds one.
 */
export function followProject(projectId: number, listener: ProjectListener): () => void {
  let source: EventSource | null = null;
  let missed = false;
  const listen = () => {
    source = new EventSource(`/api/projects/${projectId}/events`);
    source.onerror = () => (missed = true);
    source.onopen = () => {
      if (missed) listener.onGap();
      missed = false;
    };
    source.addEventListener('image', ({ data }) =>
      listener.onImage(JSON.parse(data as string) as ImageEvent),
    );
    source.addEventListener('project', () => listener.onProject());
    source.addEventListener('model', ({ data }) =>
      listener.onModel(JSON.parse(data as string) as ModelEntry),
    );
  };
  const turn = () => {
    source?.close();
    if (document.hidden) missed = true;
    else listen();
  };
  document.addEventListener('visibilitychange', turn);
  turn();
  return () => {
    document.removeEventListener('visibilitychange', turn);
    source?.close();
  };
}
