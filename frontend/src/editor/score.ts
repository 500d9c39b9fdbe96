/** A predicted IoU as people are shown it: the model's estimate is a free number, which may pass what an IoU can be. */
export function shownIou(predictedIou: number): number {
  return Math.min(1, Math.max(0, predictedIou));
}
