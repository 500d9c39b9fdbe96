import { useEffect, useState } from 'react';

import type { EditorSnapshot } from '../../editor/model';
import { useSay, useTranslation } from '../../i18n';
import type { Message } from '../../i18n/message';
import { newsOf, troubleOf } from './announcements';
import type { OpenedSheet } from './useSheet';

/** Milliseconds without news before it is said: a reader that is interrupted by every step says nothing at all. */
const PAUSE = 350;

/** Says what happens on the canvas to those who do not see it: news when the reader pauses, trouble at once. */
export function Announcer({ opened }: { readonly opened: OpenedSheet }) {
  const say = useSay();
  const { news, trouble } = useNews(opened);
  const name = useImageName(opened);
  return (
    <div className="visually-hidden">
      <p aria-live="polite" data-announced="image">
        {name}
      </p>
      <p aria-live="polite" data-announced="news">
        {news && say(news)}
      </p>
      <p aria-live="assertive" data-announced="trouble">
        {trouble && say(trouble)}
      </p>
    </div>
  );
}

interface News {
  readonly news: Message | null;
  readonly trouble: Message | null;
}

const SILENCE: News = { news: null, trouble: null };

/** What differs between what was told last and what there is when things have come to rest. */
function useNews({ sheet }: OpenedSheet): News {
  const [told, setTold] = useState(SILENCE);
  useEffect(() => {
    if (!sheet) return;
    const { editor, image } = sheet;
    let before: EditorSnapshot = editor.getSnapshot();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      const after = editor.getSnapshot();
      const [news, trouble] = [newsOf(before, after, image), troubleOf(before, after)];
      before = after;
      if (news ?? trouble) setTold({ news, trouble });
    };
    const stop = editor.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(tell, PAUSE);
    });
    return () => {
      clearTimeout(timer);
      stop();
      setTold(SILENCE);
    };
  }, [sheet]);
  return told;
}

/** The image that was opened, and how much is on it. */
function useImageName({ image, sheet }: OpenedSheet): string | null {
  const { t } = useTranslation(['keyboard', 'common']);
  if (!image || !sheet) return null;
  const masks = t('common:masks', { count: sheet.editor.getSnapshot().annotations.length });
  const { file_name: name, position, total } = image;
  return t('say.image', { name, position, total, masks });
}
