import { Tabs as Primitive } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

import styles from './Tabs.module.css';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly panel: ReactNode;
}

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
}

/** Panels of which one is in sight; arrows walk the tabs. */
export function Tabs<Id extends string>({ label, tabs, value, onChange }: TabsProps<Id>) {
  return (
    <Primitive.Root className={styles.root} value={value} onValueChange={(id) => onChange(id as Id)}>
      <Primitive.List className={styles.list} aria-label={label}>
        {tabs.map((tab) => (
          <Primitive.Tab key={tab.id} value={tab.id} className={styles.tab}>
            {tab.label}
          </Primitive.Tab>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Panel key={tab.id} value={tab.id} className={styles.panel}>
          {tab.panel}
        </Primitive.Panel>
      ))}
    </Primitive.Root>
  );
}
