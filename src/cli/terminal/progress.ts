import type {WriteStream} from 'node:tty';
import {quantityOf} from '../../report/tables/tuned-figures.ts';
import {formatEstimate, formatNumber} from '../../report/text/format.ts';
import type {TuneGoal} from '../../tune/goal.ts';
import type {SearchProgress} from '../../tune/search.ts';
import {showProgress as showUseCase} from './show-progress.ts';

export type RunProgress = {
	/** One replication, both arms, has ended. */
	readonly advance: () => void;
	/** An experiment has ended; `print` is called while the bar is out of the way. */
	readonly finish: (name: string, print: () => void) => void;
	/** Takes the bar away and gives the cursor back. */
	readonly stop: () => void;
};

/** Counts replications on a display of progress. */
export async function showRunProgress(
	stream: WriteStream,
	{replications}: {replications: number},
): Promise<RunProgress> {
	const {onProgress, print, stop} = showUseCase(stream);
	const unit = {doing: 'Simulating', total: replications, unit: 'replications'};
	let done = 0;
	onProgress({...unit, done});
	return {
		advance() {
			done++;
			onProgress({...unit, done});
		},
		finish(name, write) {
			onProgress({...unit, done, detail: `Simulated ${name}`});
			print(write);
		},
		stop,
	};
}

const phases: Readonly<Record<SearchProgress['phase'], string>> = {
	start: 'Start',
	search: 'Search',
	select: 'Selection',
	report: 'Report on other replications',
};

export type TuneProgress = {
	/** One run has ended. */
	readonly advance: () => void;
	readonly show: (progress: SearchProgress) => void;
	readonly stop: () => void;
};

/** Time between two drawings on a terminal [ms]. */
const drawEvery = 200;

/** Shows how far a search is and the best so far: drawn in place on a terminal, else a line when something is new. */
export function showTuneProgress(
	stream: WriteStream,
	{goal, known, currency}: {goal: TuneGoal; known: number; currency: string},
): TuneProgress {
	let played = 0;
	let text = '';
	let told = '';
	let drawnAt = 0;
	const draw = () => {
		if (stream.isTTY && Date.now() - drawnAt >= drawEvery) {
			drawnAt = Date.now();
			stream.write(`\r\u001B[K${`${formatNumber(played)} runs played. ${text}`.slice(0, stream.columns - 1)}`);
		}
	};
	if (known > 0) {
		stream.write(`Going on from ${formatNumber(known)} finished runs\n`);
	}

	return {
		advance() {
			played++;
			draw();
		},
		show(progress) {
			const found = foundBy(progress, goal, currency);
			const isNew = found !== told;
			told = found;
			text = `${found}, ${formatNumber(progress.candidates)} candidates`;
			if (stream.isTTY) {
				draw();
			} else if (isNew) {
				stream.write(`${text}\n`);
			}
		},
		stop() {
			if (stream.isTTY) {
				stream.write('\r\u001B[K');
			}
		},
	};
}

/** The phase and the best so far. */
function foundBy({phase, best}: SearchProgress, {minimize}: TuneGoal, currency: string): string {
	if (best === undefined) {
		return phases[phase];
	}

	const {objective, feasibility} = best.standing;
	const value = formatEstimate({mean: objective.mean, low: null, high: null}, quantityOf(minimize, currency));
	return `${phases[phase]}: best so far ${value}, keeps the bounds with ${formatNumber(feasibility * 100)} %`;
}
