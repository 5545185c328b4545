import {examine, type MachineFinding, thisMachine} from '../cluster/machine/doctor.ts';

export type {MachineFinding} from '../cluster/machine/doctor.ts';

/** Findings about everything that a replay needs of this machine. */
export async function doctor(): Promise<MachineFinding[]> {
	return examine(thisMachine());
}
