import type {Claim, ClaimFigure, ClaimsFile, FigureReference} from './claims-file.ts';
import {cycleFaults} from './cycle-faults.ts';
import type {Measure} from './evaluate.ts';
import {evaluate} from './evaluate.ts';
import {unitOf} from './evidence.ts';
import type {ClaimFault} from './finding.ts';
import {type Formula, namesIn, parseFormula} from './formula.ts';
import {type Dimension, describeDimension, figureUnit, isSameDimension, parseUnit} from './unit.ts';

/** Faults of a claims file that its schema cannot express: references, cycles, and units that do not fit. */
export function claimFaults(file: ClaimsFile): ClaimFault[] {
	const judge = new ClaimJudge(file);
	return [
		...doubledIds(file),
		...file.figures.flatMap((figure, index) => judge.figure(figure, ['figures', index])),
		...file.claims.flatMap((claim, index) => judge.claim(claim, ['claims', index])),
		...cycleFaults(file.claims),
	];
}

function doubledIds({claims, figures}: ClaimsFile): ClaimFault[] {
	const seen = new Set<string>();
	return [
		...figures.map(({id}, index) => ({id, path: ['figures', index, 'id']})),
		...claims.map(({id}, index) => ({id, path: ['claims', index, 'id']})),
	].flatMap(({id, path}) => {
		const isDoubled = seen.has(id);
		seen.add(id);
		return isDoubled ? [{path, rule: 'an id of its own', got: `${id} a second time`}] : [];
	});
}

type Path = ClaimFault['path'];

/** Judges the parts of a file; a part that is judged wrong once is not judged again. */
class ClaimJudge {
	readonly #units: readonly string[];
	readonly #dimensions = new Map<string, Dimension | 'words'>();

	constructor({claims, figures, units}: ClaimsFile) {
		this.#units = units;
		for (const {id, claimed, unit} of claims) {
			this.#note(id, claimed === undefined ? undefined : unit);
		}

		for (const {id, experiment, unit} of figures) {
			this.#note(id, experiment === undefined ? unit : unitNameOf(experiment));
		}
	}

	figure({unit, value, experiment}: ClaimFigure, path: Path): ClaimFault[] {
		return [
			...(value !== undefined && unit !== undefined ? this.#unitFault(unit, [...path, 'unit']) : []),
			...(experiment === undefined ? [] : referenceFault(experiment, [...path, 'experiment'])),
		];
	}

	claim(claim: Claim, path: Path): ClaimFault[] {
		const {unit, claimed, formula, experiment, measured, checks, implies} = claim;
		const unitFaults = unit === undefined ? [] : this.#unitFault(unit, [...path, 'unit']);
		const wanted = unit === undefined || unitFaults.length > 0 ? undefined : parseUnit(unit, this.#units).dimension;
		const inWords = (['formula', 'experiment', 'measured'] as const)
			.filter(key => claimed === undefined && claim[key] !== undefined)
			.map(key => ({path: [...path, key], rule: 'left out where no figure is claimed'}));
		return [
			...unitFaults,
			...inWords,
			...basisFault(claim, path),
			...(formula === undefined ? [] : this.#formulaFaults(formula, wanted, [...path, 'formula'])),
			...[experiment, measured].flatMap((reference, index) =>
				reference === undefined
					? []
					: referenceFault(reference, [...path, index === 0 ? 'experiment' : 'measured'], wanted),
			),
			...checks.flatMap((check, index) => this.#checkFaults(claim, check, [...path, 'checks', index])),
			...implies.flatMap((implication, index) => this.#implicationFaults(implication, [...path, 'implies', index])),
		];
	}

	#note(id: string, unit: string | undefined): void {
		try {
			this.#dimensions.set(id, unit === undefined ? 'words' : parseUnit(unit, this.#units).dimension);
		} catch {
			// Told where it stands; formulas with it are not judged.
		}
	}

	#unitFault(unit: string, path: Path): ClaimFault[] {
		try {
			parseUnit(unit, this.#units);
			return [];
		} catch (error) {
			return [{path, rule: 'a known unit', got: `${unit} (${(error as Error).message})`}];
		}
	}

	#checkFaults(claim: Claim, check: Claim['checks'][number], path: Path): ClaimFault[] {
		const sides = (['atMost', 'atLeast', 'equals'] as const).filter(key => check[key] !== undefined);
		const [side] = sides;
		if (side === undefined || sides.length > 1) {
			return [{path, rule: 'a check with one of atMost, atLeast and equals', got: sides.join(' and ') || 'none'}];
		}

		if (check.that === undefined && claim.claimed === undefined) {
			return [{path: [...path, 'that'], rule: 'given where no figure is claimed'}];
		}

		const that = check.that === undefined ? undefined : this.#dimensionOf(check.that, [...path, 'that']);
		const wanted = check.that === undefined ? this.#dimensions.get(claim.id) : that?.dimension;
		const isKnown = wanted !== undefined && wanted !== 'words';
		return [
			...(that?.faults ?? []),
			...this.#formulaFaults(check[side]!, isKnown ? wanted : undefined, [...path, side]),
		];
	}

	#implicationFaults({formula, unit}: Claim['implies'][number], path: Path): ClaimFault[] {
		const faults = this.#unitFault(unit, [...path, 'unit']);
		const wanted = faults.length > 0 ? undefined : parseUnit(unit, this.#units).dimension;
		return [...faults, ...this.#formulaFaults(formula, wanted, [...path, 'formula'])];
	}

	#formulaFaults(text: string, wanted: Dimension | undefined, path: Path): ClaimFault[] {
		const {faults, dimension} = this.#dimensionOf(text, path);
		if (wanted === undefined || dimension === undefined || isSameDimension(dimension, wanted)) {
			return faults;
		}

		const rule = `in units that fit ${describeDimension(wanted)}`;
		return [{path, rule, got: `${text}, which is in ${describeDimension(dimension)}`}];
	}

	#dimensionOf(text: string, path: Path): {faults: ClaimFault[]; dimension?: Dimension} {
		let formula: Formula;
		try {
			formula = parseFormula(text);
		} catch (error) {
			return {faults: [{path, rule: 'a formula', got: `${text} (${(error as Error).message})`}]};
		}

		const rule = 'a formula over claims and figures of this file';
		const strangers = namesIn(formula).filter(id => !this.#dimensions.has(id));
		const words = namesIn(formula).filter(id => this.#dimensions.get(id) === 'words');
		if (strangers.length + words.length > 0) {
			const faults = [
				...strangers.map(id => ({path, rule, got: `${id}, which is none`})),
				...words.map(id => ({path, rule: 'a formula over claims with a figure', got: `${id}, which has none`})),
			];
			return {faults: faults.slice(0, 1)};
		}

		try {
			const dimension = evaluate(formula, id => ones(this.#dimensions.get(id) as Dimension), this.#units)?.dimension;
			return {faults: [], ...(dimension !== undefined && {dimension})};
		} catch (error) {
			return {faults: [{path, rule: 'a formula whose units fit', got: `${text} (${(error as Error).message})`}]};
		}
	}
}

function unitNameOf({figure, currency}: FigureReference): string {
	return figureUnit(figure, currency) ?? '1';
}

function ones(dimension: Dimension): Measure {
	return {value: 1, low: 1, high: 1, dimension};
}

function basisFault(claim: Claim, path: Path): ClaimFault[] {
	const {formula, experiment, checks, assumes, needs} = claim;
	const hasBasis = [formula, experiment, assumes, needs].some(part => part !== undefined) || checks.length > 0;
	return hasBasis
		? []
		: [{path, rule: 'a claim with a formula, an experiment, checks, assumes or needs', got: claim.id}];
}

function referenceFault(reference: FigureReference, path: Path, wanted?: Dimension): ClaimFault[] {
	if (figureUnit(reference.figure) === undefined) {
		const rule = 'a figure of a summary such as dynamic.latencySeconds.p95';
		return [{path: [...path, 'figure'], rule, got: reference.figure}];
	}

	const {dimension} = unitOf(reference);
	return wanted === undefined || isSameDimension(dimension, wanted)
		? []
		: [
				{
					path: [...path, 'figure'],
					rule: `in units that fit ${describeDimension(wanted)}`,
					got: `${reference.figure}, which is in ${describeDimension(dimension)}`,
				},
			];
}
