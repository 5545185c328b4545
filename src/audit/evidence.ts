import type {ClaimsFile, FigureReference} from './claims-file.ts';
import {figureUnit} from './figure-units.ts';
import type {Measure} from './measure.ts';
import {type Dimension, parseUnit, type Unit} from './unit.ts';

/** A number with its interval in the figure's own unit; `low` and `high` are null where there is none. */
export type Found = {readonly value: number; readonly low: number | null; readonly high: number | null};

/** What audits take from outside: simulated figures, and what measured records say. */
export type Evidence = {
	/** Undefined when the summary has no such figure. */
	readonly simulated: (reference: FigureReference) => Found | undefined;
	/** Undefined when there is no such record. */
	readonly measured: (reference: FigureReference) => (Found & {readonly records: readonly string[]}) | undefined;
};

/** A figure with its unit taken in. */
export function measureOf({value, low, high}: Found, {factor, dimension}: Unit): Measure {
	return {value: value * factor, low: (low ?? value) * factor, high: (high ?? value) * factor, dimension};
}

/** Unit of the figure that a reference points at. */
export function unitOf({figure, currency}: FigureReference): Unit {
	return parseUnit(figureUnit(figure, currency) ?? '1');
}

/** What every name of a claims file stands for in formulas: a claim for its published figure. */
export function lookupOf(file: ClaimsFile, evidence: Pick<Evidence, 'simulated'>): (id: string) => Measure | undefined {
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
