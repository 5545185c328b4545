import process from 'node:process';
import type {Argv} from 'yargs';
import {doctor, type MachineFinding} from '../../library/doctor.ts';
import {doctorAnswer} from '../../report/answers/doctor-answer.ts';
import {printReport} from '../terminal/print.ts';

export const command = 'doctor';
export const describe = 'Check that this machine has what a replay needs, and say how to get what is missing';
export const builder = (yargs: Argv) => yargs;

const signs = {good: '✔', poor: '!', missing: '✖'} as const;

export async function handler(): Promise<void> {
	const findings = await doctor();
	const answer = doctorAnswer(findings);
	printReport({
		title: 'Requirements of a replay',
		answer,
		sections: [{heading: '', code: findings.map(finding => findingText(finding, answer)).join('\n')}],
	});
	if (findings.some(({state}) => state === 'missing')) {
		process.exitCode = 2;
	}
}

/** A line for a finding, and one for its remedy unless the answer has it. */
function findingText({name, state, found, advice}: MachineFinding, answer: readonly string[]): string {
	const remedy = advice === undefined || answer.includes(advice) ? '' : `\n    ${advice}`;
	return `${signs[state]} ${name}: ${found}${remedy}`;
}
