import type {Experiment} from '../experiment/experiment.ts';
import type {TunedAnswer} from '../forecast/answer.ts';
import {constraintsOf, parseConstraint} from './goal.ts';
import {formatKnobValue} from './knob.ts';
import {knobsOf} from './knobs.ts';
import type {TuningCandidate, TuningDocument} from './tuning.ts';

/** Tuning of an experiment, and the folder that it was read from. */
export type KnownTuning = {
	readonly folder: string;
	readonly document: Pick<TuningDocument, 'minimize' | 'subjectTo' | 'probabilityOfKeepingBounds' | 'candidates'>;
};

/** The part of a tuning that is compared with: the recommended candidate and the present one. */
export function comparedPart({folder, document}: KnownTuning): KnownTuning {
	const {minimize, subjectTo, probabilityOfKeepingBounds} = document;
	const candidates = document.candidates.filter(({recommended, present}) => recommended || present);
	return {folder, document: {minimize, subjectTo, probabilityOfKeepingBounds, candidates}};
}

/** Share by which the cost of the present settings may differ from the tuning's: beyond it the simulator has changed since. */
const sameWithin = 0.05;

/**
 * The cheapest setting that tunings of this very experiment recommend under its objective.
 *
 * @param costPerHour - of the experiment's own settings, as simulated now
 * @returns undefined where none is known: no tuning, one with laxer bounds or another aim, or of a simulator that gave
 *   another cost
 */
export function bestKnown(
	experiment: Experiment,
	tunings: readonly KnownTuning[],
	costPerHour: number | null,
): TunedAnswer | undefined {
	return tunings
		.filter(({document}) => hasSameGoal(experiment, document))
		.flatMap(tuning => answerOf(experiment, tuning, costPerHour) ?? [])
		.sort((a, b) => a.costPerHour - b.costPerHour)[0];
}

function answerOf(
	experiment: Experiment,
	{folder, document}: KnownTuning,
	costPerHour: number | null,
): TunedAnswer | undefined {
	const {candidates, probabilityOfKeepingBounds} = document;
	const best = candidates.find(({recommended}) => recommended);
	const present = candidates.find(candidate => candidate.present);
	const [cost, own] = [best?.costPerHour.mean ?? Number.NaN, present?.costPerHour.mean ?? Number.NaN];
	const isSame = costPerHour !== null && Math.abs(costPerHour / own - 1) <= sameWithin;
	if (best === undefined || present === undefined || !isSame || !(cost > 0)) {
		return undefined;
	}

	return {
		folder,
		changes: changesOf(experiment, best, present),
		costPerHour: cost,
		relativeCost: own / cost - 1,
		feasibility: Math.min(best.feasibility, probabilityOfKeepingBounds.feasibility),
	};
}

/** Whether a tuning looked for the least cost under bounds that are no laxer than the experiment's objective. */
function hasSameGoal({slo}: Experiment, {minimize, subjectTo}: KnownTuning['document']): boolean {
	const bounds = subjectTo.map(parseConstraint);
	const wanted = constraintsOf(slo);
	const isKept = ({figure, isUpper, bound}: (typeof wanted)[number]) =>
		bounds.some(other => other.figure === figure && (isUpper ? other.bound <= bound : other.bound >= bound));
	return minimize === 'costPerHour' && wanted.length > 0 && wanted.every(isKept);
}

function changesOf(experiment: Experiment, best: TuningCandidate, present: TuningCandidate): string[] {
	const knobs = knobsOf(experiment);
	return Object.entries(best.settings)
		.filter(([name, value]) => value !== present.settings[name])
		.map(([name, value]) => {
			const knob = knobs.get(name);
			const text = knob === undefined ? String(value) : formatKnobValue(knob.unit, value);
			return text === 'none' ? `no ${name}` : `${name} ${text}`;
		});
}
