import {type EvaluateSettings, Evaluations, type SettingsPoint} from './evaluations.ts';
import type {Parameter} from './parameter.ts';
import type {SettingEstimate} from './setting-estimate.ts';

/** Result of a fit. */
export type SettingsFit = {
	readonly estimates: readonly SettingEstimate[];
	/** Values for the settings. */
	readonly settings: SettingsPoint;
	/** Loss of the start and of the settings, from the same replications. */
	readonly loss: {readonly start: number; readonly fitted: number};
};

/** Sweeps of the search at most. */
const mostSweeps = 4;

/**
 * Finds the values of parameters under which simulated replicas are nearest to recorded ones, and the values that are no
 * worse: a search along one parameter at a time until none improves, then the profile of each with other replications.
 *
 * @param onStep - called with the share of the work that is done, from 0 to 1
 */
export async function fitSettings(
	parameters: readonly Parameter[],
	evaluate: EvaluateSettings,
	onStep: (share: number) => void = () => {},
): Promise<SettingsFit> {
	const start: SettingsPoint = Object.fromEntries(parameters.map(({key, start: value}) => [key, value]));
	const center = await search(parameters, {start, evaluate, onStep: share => onStep(share / 2)});
	const profile = new Evaluations(evaluate, 'profile');
	await profile.add([start, center]);
	for (const [index, parameter] of parameters.entries()) {
		const values = refined(parameter, center[parameter.key]!);
		await profile.add(values.map(value => ({...center, [parameter.key]: value})));
		onStep(0.5 + (0.3 * (index + 1)) / parameters.length);
	}

	for (const [index, parameter] of parameters.entries()) {
		await profile.add(tradesOf(parameter, parameters, profile));
		onStep(0.8 + (0.2 * (index + 1)) / parameters.length);
	}

	const settings = await simplest(parameters, profile);
	const estimates = parameters.map(parameter => estimateOf(parameter, settings, profile));
	return {estimates, settings, loss: {start: profile.lossOf(start), fitted: profile.lossOf(settings)}};
}

type Search = {
	readonly start: SettingsPoint;
	readonly evaluate: EvaluateSettings;
	readonly onStep: (share: number) => void;
};

async function search(parameters: readonly Parameter[], {start, evaluate, onStep}: Search): Promise<SettingsPoint> {
	const evaluations = new Evaluations(evaluate, 'search');
	await evaluations.add([start]);
	for (let sweep = 0; sweep < mostSweeps; sweep++) {
		const before = evaluations.best;
		for (const [index, {key, values}] of parameters.entries()) {
			const {best} = evaluations;
			await evaluations.add(values.map(value => ({...best, [key]: value})));
			onStep((sweep + (index + 1) / parameters.length) / mostSweeps);
		}

		if (evaluations.best === before) {
			break;
		}
	}

	return evaluations.best;
}

/** Values of a parameter, and the middle between the one found and each of its neighbours. */
function refined({values, choices, step}: Parameter, center: number): number[] {
	if (choices !== undefined) {
		return [...values];
	}

	const at = values.indexOf(center);
	const middles = [values[at - 1], values[at + 1]].flatMap(neighbour =>
		neighbour === undefined || Math.abs(neighbour - center) < 2 * step ? [] : [onStep((neighbour + center) / 2, step)],
	);
	return [...new Set([...values, ...middles])].sort((a, b) => a - b);
}

function onStep(value: number, step: number): number {
	return Number((Math.round(value / step) * step).toPrecision(12));
}

/**
 * Points that may save the first value excluded on either side of a parameter's best, with a neighbouring value of each
 * parameter that makes up for it.
 */
function tradesOf(parameter: Parameter, parameters: readonly Parameter[], profile: Evaluations): SettingsPoint[] {
	const {key, tradesWith} = parameter;
	const {best} = profile;
	const values = profile.valuesOf(parameter);
	const at = values.indexOf(best[key]!);
	const isExcluded = (value: number) => profile.isExcluded(parameter, value);
	const edges = [values.slice(0, at).reverse().find(isExcluded), values.slice(at + 1).find(isExcluded)];
	const others = parameters.filter(other => tradesWith.includes(other.key));
	return edges
		.filter(edge => edge !== undefined)
		.flatMap(edge =>
			others.flatMap(other =>
				neighboursOf(other, best[other.key]!, profile).map(value => ({...best, [key]: edge, [other.key]: value})),
			),
		);
}

function neighboursOf(parameter: Parameter, value: number, profile: Evaluations): number[] {
	const values = parameter.choices === undefined ? profile.valuesOf(parameter) : parameter.values;
	const at = values.indexOf(value);
	return (
		parameter.choices === undefined ? [values[at - 1], values[at + 1]] : values.filter(other => other !== value)
	).filter(neighbour => neighbour !== undefined);
}

/** The best point with the start's value of each parameter for which that is no worse. */
async function simplest(parameters: readonly Parameter[], profile: Evaluations): Promise<SettingsPoint> {
	let settings = profile.best;
	for (const {key, start} of parameters) {
		const simpler = {...settings, [key]: start};
		await profile.add([simpler]);
		settings = profile.isWorseThanBest(simpler) ? settings : simpler;
	}

	return settings;
}

function estimateOf(parameter: Parameter, settings: SettingsPoint, profile: Evaluations): SettingEstimate {
	const {key, choices} = parameter;
	const found = profile.best[key]!;
	const values = profile.valuesOf(parameter);
	const possible = values.filter(value => !profile.isExcluded(parameter, value));
	const isIdentified = possible.length < values.length;
	const common = {parameter, found, possible, isIdentified, value: settings[key]!};
	return choices === undefined ? {...common, ...endsOf(values, possible)} : common;
}

/** Middle between the last value that is possible and the first that is not, on either side where there is one. */
function endsOf(values: readonly number[], possible: readonly number[]): {low?: number; high?: number} {
	const below = values[values.indexOf(possible[0]!) - 1];
	const above = values[values.indexOf(possible.at(-1)!) + 1];
	return {
		...(below !== undefined && {low: (below + possible[0]!) / 2}),
		...(above !== undefined && {high: (above + possible.at(-1)!) / 2}),
	};
}
