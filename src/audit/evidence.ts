import type {Experiment} from '../experiment/experiment.ts';
import type {Summary} from '../forecast/summary.ts';
import type {ClaimsFile, FigureReference} from './claims-file.ts';
import type {Measure} from './evaluate.ts';
import {type ClaimUnit, type Dimension, figureUnit, parseUnit} from './unit.ts';

/** A number with its interval in the figure's own unit; `low` and `high` are null where there is none. */
export type Found = {readonly value: number; readonly low: number | null; readonly high: number | null};

/** Evidence from outside: simulated figures, and figures of measured records. */
export type AuditEvidence = {
	/** Undefined when the summary has no such figure. */
	readonly simulated: (reference: FigureReference) => Found | undefined;
	/** Undefined when there is no such record. */
	readonly measured: (reference: FigureReference) => (Found & {readonly records: readonly string[]}) | undefined;
};

/** A figure with its unit taken in. */
export function measureOf({value, low, high}: Found, {factor, dimension}: ClaimUnit): Measure {
	return {value: value * factor, low: (low ?? value) * factor, high: (high ?? value) * factor, dimension};
}

/** Unit of the figure that a reference points at. */
export function unitOf({figure, currency}: FigureReference): ClaimUnit {
	return parseUnit(figureUnit(figure, currency) ?? '1');
}

/** Lookup of every name of a claims file in formulas: a claim for its published figure. */
export function lookupOf(
	file: ClaimsFile,
	evidence: Pick<AuditEvidence, 'simulated'>,
): (id: string) => Measure | undefined {
	const {claims, figures, units} = file;
	return id => {
		const claim = claims.find(other => other.id === id);
		if (claim !== undefined) {
			return claim.claimed === undefined ? undefined : exactly(claim.claimed, parseUnit(claim.unit!, units));
		}

		const figure = figures.find(other => other.id === id);
		if (figure?.value !== undefined) {
			return exactly(figure.value, parseUnit(figure.unit!, units));
		}

		const found = figure?.experiment && evidence.simulated(figure.experiment);
		return found && measureOf(found, unitOf(figure!.experiment!));
	};
}

function exactly(number: number, {factor, dimension}: {factor: number; dimension: Dimension}): Measure {
	const value = number * factor;
	return {value, low: value, high: value, dimension};
}

/**
 * The figure at a path: of the summary, or after `experiment.` of the experiment itself.
 *
 * @param path - `dynamic.latencySeconds.p95`, `experiment.autoscaler.minReplicas`
 * @returns undefined when there is no number
 */
export function figureAt(path: string, experiment: Experiment, summary: Summary): Found | undefined {
	const keys = path.split('.');
	let value: unknown = summary;
	if (keys[0] === 'experiment') {
		keys.shift();
		value = experiment;
	}

	for (const key of keys) {
		const isWithin = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
		value = isWithin ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
	}

	if (typeof value === 'number') {
		return {value, low: null, high: null};
	}

	const {mean, low, high} = (typeof value === 'object' ? (value ?? {}) : {}) as Readonly<Record<string, number | null>>;
	return typeof mean === 'number' ? {value: mean, low: low ?? null, high: high ?? null} : undefined;
}
