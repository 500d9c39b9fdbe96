import { keysOf } from '../../editor/bindings';
import { COMMANDS } from '../../editor/commands';
import { useTranslation } from '../../i18n';
import { keyLabel } from './keyLabel';
import { PAGE_COMMANDS } from './pageCommands';
import { useKeyBindings } from './useKeyBindings';

/** How the canvas is worked by keyboard, with the keys that a person has: what a screen reader says of it. */
export function CanvasPurpose({ id }: { readonly id: string }) {
  const { t } = useTranslation('keyboard');
  const bindings = useKeyBindings();
  const key = (command: string): string => {
    const found = [...COMMANDS, ...PAGE_COMMANDS].find((each) => each.id === command);
    const [chord] = found ? keysOf(found, bindings) : [];
    return chord === undefined ? t('canvas.noKey') : keyLabel(chord);
  };
  const quarters = ['upperLeft', 'upperRight', 'lowerLeft', 'lowerRight'].map((name) =>
    key(`crosshair.${name}`),
  );
  const keys = {
    halve: key('crosshair.halve'),
    quarters: quarters.join(' '),
    click: key('crosshair.click'),
    leaveOut: key('crosshair.clickSecondary'),
    press: key('crosshair.press'),
    accept: key('accept'),
    regions: key('nextRegion'),
    help: key('help'),
  };
  return (
    <p id={id} hidden>
      {t('canvas.purpose', keys)}
    </p>
  );
}
