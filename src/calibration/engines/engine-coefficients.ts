import type {EngineModel} from '../../experiment/serving/engine-model.ts';

/** Names of the coefficients that are fitted, as an engine model's file has them. */
const stepNames = [
	'base',
	'perToken',
	'perSequence',
	'perKvToken',
	'perKvTokenWithPrefill',
	'perSequenceWithPrefill',
	'perAttentionPair',
] as const;

export type EngineCoefficient = (typeof stepNames)[number] | 'requestDelay';

export const coefficientTitles: Readonly<Record<EngineCoefficient, string>> = {
	base: 'step whatever is in it',
	perToken: 'each token in a step',
	perSequence: 'each sequence that gets a token',
	perKvToken: 'each token of context that decoding reads',
	perKvTokenWithPrefill: 'the same on top in steps with prefill',
	perSequenceWithPrefill: 'each decoding sequence in steps with prefill',
	perAttentionPair: 'each pair of attention in prefill',
	requestDelay: 'from the client to the engine',
};

/** The coefficients of a model that a fit changes: those above 0, as it searches by factors. */
export function searchedCoefficients(model: EngineModel): EngineCoefficient[] {
	return ([...stepNames, 'requestDelay'] as const).filter(name => coefficientOf(model, name) > 0);
}

export function coefficientOf({costs, requestDelay}: EngineModel, name: EngineCoefficient): number {
	return name === 'requestDelay' ? requestDelay : costs[name];
}

/** The model with other values of some coefficients. */
export function withValues(
	model: EngineModel,
	names: readonly EngineCoefficient[],
	values: readonly number[],
): EngineModel {
	const given = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
	const {requestDelay = model.requestDelay, ...costs} = given;
	return {...model, requestDelay, costs: {...model.costs, ...costs}};
}
