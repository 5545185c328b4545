import {figureError} from '../../comparison/validation/goals.ts';
import {
	meanSampleError,
	type SampledFigure,
	sampledFigures,
	type ValidatedExperiment,
	type Validation,
} from '../../comparison/validation/validation.ts';
import {shellWord} from '../../printable.ts';
import {counted, significant} from '../text/format.ts';
import {coverageLine} from '../validation/prediction-coverage.ts';
import {figureName} from './figure-names.ts';

/** Answer of a validation: how many experiments hold, and how far off a forecast is in records that no model has seen. */
export function validationAnswer(validation: Validation): string[] {
	const {verdict, experiments, goals} = validation;
	const judged = experiments.filter(({comparison}) => comparison !== null);
	const count = (wanted: string) => judged.filter(experiment => experiment.verdict === wanted).length;
	const held = goals.flatMap(({figure, limit, experiments: {met, missed, open}}) => {
		const all = met.length + missed.length + open.length;
		return figure === null || limit === null || all === 0 ? [] : [`${figureName(figure)} in ${met.length} of ${all}`];
	});
	const missed = goals.filter(({verdict: outcome}) => outcome === 'missed');
	return [
		`${verdict}: of ${counted(judged.length, 'experiment')} ${count('VALID')} ${count('VALID') === 1 ? 'is' : 'are'} VALID and ${count('NOT VALID')} NOT VALID; for ${count('CANNOT SAY')} these runs cannot say.`,
		...errorLines(judged),
		...coverageLine(judged),
		...(held.length === 0 ? [] : [`Shown to be within the goal: ${held.join(', ')}.`]),
		...(missed.length === 0
			? []
			: [
					`Missed: ${missed.map(({title, experiments: {missed: titles}}) => `${title} (${titles.length})`).join('; ')}.`,
				]),
		...emulatedLine(validation),
		...nextLines(judged),
	];
}

/** Decisions of emulated replays, which count for no goal. */
function emulatedLine({emulated = []}: Validation): string[] {
	const sum = (of: 'decisions' | 'matches') => emulated.reduce((total, record) => total + record[of], 0);
	const largest = Math.max(0, ...emulated.map(record => record.largest));
	return emulated.length === 0
		? []
		: [
				`Emulated: in ${counted(emulated.length, 'replay')} of a real control plane with up to ${largest} pods, ${sum('matches')} of ${sum('decisions')} decisions are decided again as recorded; latency and use there are the simulator's own.`,
			];
}

function errorLines(judged: readonly ValidatedExperiment[]): string[] {
	const texts = sampledFigures.flatMap(figure => {
		const mean = meanSampleError(judged, figure, 'out');
		return mean === null ? [] : [`${figure.label} ${errorText(mean.value, figure)}${worstText(judged, figure)}`];
	});
	return texts.length === 0
		? []
		: [`A forecast is off, in records that no model has seen, on average by: ${texts.join('; ')}.`];
}

/** ` (at worst 49 %, multi-tenant)`; empty for a single experiment. */
function worstText(judged: readonly ValidatedExperiment[], figure: SampledFigure): string {
	const errors = judged.flatMap(({title, comparison}) => {
		const error = comparison === null ? undefined : figureError(comparison, figure.name, figure);
		return error === undefined ? [] : [{title, size: Math.abs(error.value)}];
	});
	const [worst] = errors.toSorted((a, b) => b.size - a.size);
	return worst === undefined || errors.length < 2 ? '' : ` (at worst ${errorText(worst.size, figure)}, ${worst.title})`;
}

function errorText(value: number, {isRelative}: SampledFigure): string {
	return isRelative ? `${significant(value * 100)} %` : `${significant(value)} pods`;
}

/** Command on the experiment that decides least. */
function nextLines(judged: readonly ValidatedExperiment[]): string[] {
	const order = ['NOT VALID', 'CANNOT SAY'];
	const [first] = judged
		.filter(({verdict}) => verdict !== null && order.includes(verdict))
		.toSorted((a, b) => order.indexOf(a.verdict!) - order.indexOf(b.verdict!));
	if (first === undefined) {
		return [];
	}

	const {profile} = first.experiment;
	const words = [
		shellWord(first.file),
		...(profile === undefined ? [] : ['--profile', shellWord(profile)]),
		...(first.campaign?.set ?? []).flatMap(change => ['--set', shellWord(change)]),
	];
	return [`Next: replicast compare ${words.join(' ')}`];
}
