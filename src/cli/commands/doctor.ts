import process from 'node:process';
import type {Argv} from 'yargs';
import {doctor, type MachineFinding} from '../../library/doctor.ts';
import {print} from '../terminal/print.ts';

export const command = 'doctor';
export const describe = 'Say whether this machine has what a replay needs, and what to do where it has not';
export const builder = (yargs: Argv) => yargs;

const signs = {good: '✔', poor: '!', missing: '✖'} as const;

export async function handler(): Promise<void> {
	const findings = await doctor();
	print(findings.map(findingText).join(''));
	if (findings.some(({state}) => state === 'missing')) {
		process.exitCode = 2;
	}
}

function findingText({name, state, found, advice}: MachineFinding): string {
	return `${signs[state]} ${name}: ${found}\n${advice === undefined ? '' : `    ${advice}\n`}`;
}
