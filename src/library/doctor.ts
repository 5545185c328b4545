import {examineKeda} from '../cluster/keda/examine-keda.ts';
import {examine, type MachineFinding, thisMachine} from '../cluster/machine/doctor.ts';

export type {MachineFinding} from '../cluster/machine/doctor.ts';

/** Findings about everything that a replay needs of this machine. */
export async function doctor(): Promise<MachineFinding[]> {
	const machine = thisMachine();
	const findings = await examine(machine);
	return findings.some(({state}) => state === 'missing') ? findings : [...findings, await examineKeda(machine)];
}
