/** Entry of the inference worker: messages in, one reply each, buffers transferred rather than copied. */
import { failureOf } from './failure';
import type { Calls, FromWorker, Request } from './protocol';
import { InferenceService, type Handlers } from './service';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const service = new InferenceService({
  report: (progress) => scope.postMessage({ progress } satisfies FromWorker),
});

scope.addEventListener('message', ({ data }: MessageEvent<Request>) => void answer(data));

async function answer({ id, name, args }: Request): Promise<void> {
  try {
    // The union keeps a name and its arguments together; TypeScript cannot follow that through an index.
    const handle = service.handlers[name] as Handlers['decode'];
    const result = await handle(args as Calls['decode']['args']);
    scope.postMessage({ id, ok: true, result } satisfies FromWorker, buffersOf(result));
  } catch (error) {
    scope.postMessage({ id, ok: false, failure: failureOf(error) } satisfies FromWorker);
  }
}

function buffersOf(result: Partial<Calls['decode']['result']> | null): Transferable[] {
  return (result?.candidates ?? []).map(({ logits }) => logits.buffer as ArrayBuffer);
}
