import process from 'node:process';
import type {WriteStream} from 'node:tty';
import {examine, refuseWithout, thisMachine} from '../cluster/machine/doctor.ts';
import type {Run} from '../cluster/play-run.ts';
import {areMeasured, type RunsOptions, replayRuns} from '../cluster/replay.ts';
import {refuseUnplayable} from '../cluster/setup/refuse-unplayable.ts';
import {interruption} from './interrupted-replay.ts';
import {stepRunner} from './steps.ts';
import {version} from './version.ts';

export type Measuring = Pick<RunsOptions, 'place' | 'keeps' | 'out' | 'folderOf'> & {
	/** What is said when it was interrupted. */
	readonly farewell: string;
	/** Where steps are shown; standard output when left out. */
	readonly stream?: WriteStream;
};

/**
 * Plays runs on a cluster and writes their records; those that are there and valid are not measured again, and when that
 * are all of them, nothing is needed of the machine.
 *
 * @returns whether it went to its end; if not, it was interrupted, which the exit status then says
 */
export async function measureOnCluster(
	runs: readonly Run[],
	{farewell, stream = process.stdout, ...options}: Measuring,
): Promise<boolean> {
	const {place} = options;
	for (const {experiment, arm} of runs) {
		refuseUnplayable(experiment, [arm], {reachesNodes: place.kind === 'kind'});
	}

	if (!areMeasured(runs, options)) {
		refuseWithout(await examine(thisMachine(), {isElsewhere: place.kind === 'foreign'}));
	}

	const {signal, status} = interruption();
	try {
		await replayRuns(runs, {
			...options,
			version: version(),
			signal,
			runSteps: stepRunner(stream),
			say: line => stream.write(`${line}\n`),
		});
		return true;
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}

		process.stderr.write(`${farewell}\n`);
		process.exitCode = status();
		return false;
	}
}
