/** A hand that rests on the screen while it writes: fingers are not meant while a pen is in use, nor just after it. */

/** Milliseconds after the pen's last word; a pen that hovers says something at every movement. */
const REST = 600;

export class PenGuard {
  private readonly down = new Set<number>();
  private lastSeen = -Infinity;

  /** Whether the event is a palm's. Call it with every pointer event. */
  isPalm({ type, pointerType, pointerId, timeStamp }: PointerEvent): boolean {
    if (pointerType === 'pen') {
      this.lastSeen = timeStamp;
      if (type === 'pointerdown') this.down.add(pointerId);
      if (type === 'pointerup' || type === 'pointercancel') this.down.delete(pointerId);
    }
    return pointerType === 'touch' && (this.down.size > 0 || timeStamp - this.lastSeen < REST);
  }
}
