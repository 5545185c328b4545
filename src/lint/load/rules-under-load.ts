import {leastAndNeed} from './least-and-need.ts';
import type {LoadRule} from './load-rule.ts';
import {memoryAtRest} from './memory-at-rest.ts';
import {startAndBurst} from './start-and-burst.ts';
import {windowAndRhythm} from './window-and-rhythm.ts';

/** Rules that need the load of an experiment, in the order in which their findings are shown. */
export const rulesUnderLoad: readonly LoadRule[] = [startAndBurst, memoryAtRest, windowAndRhythm, leastAndNeed];
