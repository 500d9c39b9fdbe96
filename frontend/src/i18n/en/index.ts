import { annotate } from './annotate';
import { commands } from './commands';
import { common } from './common';
import { durability } from './durability';
import { editor } from './editor';
import { errors } from './errors';
import { keyboard } from './keyboard';
import { objects } from './objects';
import { project } from './project';
import { projects } from './projects';
import { settings } from './settings';

export const en = {
  common,
  projects,
  project,
  annotate,
  commands,
  editor,
  objects,
  keyboard,
  settings,
  durability,
  errors,
} as const;
