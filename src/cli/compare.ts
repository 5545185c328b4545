import process from 'node:process';
import {setImmediate as breathe} from 'node:timers/promises';
import type {Argv} from 'yargs';
import {type Comparison, type ComparisonInput, compare, runCount} from '../comparison/compare.ts';
import type {Verdict} from '../comparison/verdict.ts';
import {type CompareOptions, compareOptions} from './compare-options.ts';
import {comparisonJson} from './comparison-json.ts';
import {comparisonReport} from './comparison-report.ts';
import {comparisonSides} from './comparison-sides.ts';
import {showProgress} from './run-progress.ts';

export const command = 'compare [path..]';
export const describe = 'Compare the simulator with measured records: figures, where errors come from, a verdict';
export const builder = (yargs: Argv) => compareOptions(yargs);

const statuses: Readonly<Record<Verdict, number>> = {VALID: 0, 'NOT VALID': 3, 'CANNOT SAY': 4};

export async function handler(options: CompareOptions): Promise<void> {
	const sides = await comparisonSides(options);
	for (const {folder, reason} of sides.refused) {
		process.stderr.write(`${folder} is left out: it ${reason}\n`);
	}

	const input = {...sides, replications: options.replications};
	const comparison = await runComparison(input);
	const told = {comparison, sides, replications: options.replications};
	process.stdout.write(options.json ? `${JSON.stringify(comparisonJson(told), null, '\t')}\n` : comparisonReport(told));
	process.exitCode = statuses[comparison.verdict];
}

/** Lets signals in between two runs. */
async function runComparison(input: ComparisonInput): Promise<Comparison> {
	const progress = showProgress(process.stderr, {replications: runCount(input)});
	try {
		const running = compare(input);
		for (;;) {
			const step = running.next();
			if (step.done === true) {
				return step.value;
			}

			progress.advance();
			await breathe();
		}
	} finally {
		progress.stop();
	}
}
