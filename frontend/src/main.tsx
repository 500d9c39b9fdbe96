/** The browser's composition root. */
import './tokens.css';
import './base.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';

import { uploadImage } from './api/upload';
import { errorOf } from './i18n/message';
import { createTranslator } from './i18n/translator';
import { Drafts } from './drafts/drafts';
import { InferenceClient } from './inference/client';
import { Outbox } from './outbox/outbox';
import { Preferences } from './preferences/preferences';
import { Desk } from './ui/annotate/desk';
import { Photos } from './ui/annotate/photos';
import { App } from './ui/app/App';
import { followSettings } from './ui/app/appearance';
import { ErrorBoundary } from './ui/app/ErrorBoundary';
import { OlderTab } from './ui/app/OlderTab';
import { createQueryClient } from './ui/app/queries';
import { ServicesContext, type Services } from './ui/app/services';
import { StartFailure } from './ui/app/StartFailure';
import { Toasts } from './ui/kit/toasts';
import { addImage } from './ui/project/imageCache';
import { Uploads } from './ui/project/uploads';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root.');
const root = createRoot(element);
const translator = createTranslator('en');
const preferences = new Preferences();
followSettings(preferences, translator);

async function start(): Promise<void> {
  const queries = createQueryClient();
  const outbox = await Outbox.open({ onBlocked: () => show(<OlderTab />) });
  addEventListener('online', outbox.retryNow);
  void preferences.load();
  addEventListener('online', () => void preferences.save());
  const toasts = new Toasts();
  const inference = new InferenceClient();
  const drafts = await Drafts.open();
  addEventListener('pagehide', () => void drafts.flush());
  const desk = new Desk({ queries, outbox, drafts, inference, toasts });
  addEventListener('beforeunload', (event) => {
    if (desk.hasUnfinished()) event.preventDefault();
  });
  const uploads = new Uploads(uploadImage, (image) => addImage(queries, image));
  const services: Services = {
    preferences,
    outbox,
    toasts,
    inference,
    desk,
    uploads,
    photos: new Photos(),
  };
  root.render(
    <StrictMode>
      <I18nextProvider i18n={translator}>
        <ErrorBoundary>
          <QueryClientProvider client={queries}>
            <ServicesContext value={services}>
              <App />
            </ServicesContext>
          </QueryClientProvider>
        </ErrorBoundary>
      </I18nextProvider>
    </StrictMode>,
  );
}

/** Instead of the application, which needs its services. */
const show = (notice: ReactNode) =>
  root.render(<I18nextProvider i18n={translator}>{notice}</I18nextProvider>);

start().catch((error: unknown) => show(<StartFailure error={errorOf(error)} />));
