import type {Verdict} from '../comparison/verdict.ts';

/** Exit status by verdict. */
export const verdictStatus: Readonly<Record<Verdict, number>> = {VALID: 0, 'NOT VALID': 3, 'CANNOT SAY': 4};
