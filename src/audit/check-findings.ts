import type {Check, Claim, ClaimsFile} from './claims-file.ts';
import type {Measure} from './evaluate.ts';
import {evaluate} from './evaluate.ts';
import {type Case, ended, type Finding, inUnit, isFromSimulation, listed} from './finding.ts';
import {formatInterval} from './format-figure.ts';
import {namesIn, parseFormula} from './formula.ts';
import {describeDimension} from './unit.ts';

const words = {atMost: 'at most', atLeast: 'at least', equals: 'equal to'} as const;
type Relation = keyof typeof words;

/** Findings on a claim from other claims or from a simulation. */
export function checkFindings(given: Case): Finding[] {
	return given.claim.checks.flatMap(check => checkFinding(check, given));
}

function checkFinding(check: Check, given: Case): Finding[] {
	const {claim, file, lookup, unit, claimed} = given;
	const relation = (['atMost', 'atLeast', 'equals'] as const).find(key => check[key] !== undefined)!;
	const bound = evaluate(parseFormula(check[relation]!), lookup, file.units);
	const that = check.that === undefined ? claimed : evaluate(parseFormula(check.that), lookup, file.units);
	if (bound === undefined || that === undefined) {
		return [{source: 'check', because: `${check[relation]} could not be reckoned.`}];
	}

	const others = listed(othersIn(check, relation, {file, claim}));
	const limit = `${words[relation]} ${sideWords(bound, given, check)}`;
	if (holds(relation, that, bound, check.within)) {
		const side = check.that === undefined ? 'it' : check.that;
		return [{source: 'check', verdict: 'reproduced', because: `In line with ${others}: ${side} is ${limit}.`}];
	}

	const isSimulated = [check[relation]!, check.that ?? '1']
		.flatMap(text => namesIn(parseFormula(text)))
		.some(id => isFromSimulation(file, id));
	const because =
		check.that === undefined
			? `By ${others} it is ${limit}: ${check[relation]}.`
			: `${check.that} is ${sideWords(that, given, check)}, and by ${others} ${limit}: ${check[relation]}.`;
	return [
		{
			source: 'check',
			verdict: isSimulated ? 'not-supported' : 'inconsistent',
			because: check.because === undefined ? because : `${because} ${ended(check.because)}`,
			...(check.that === undefined && {estimate: inUnit(bound, unit)}),
		},
	];
}

function holds(relation: Relation, that: Omit<Measure, 'dimension'>, bound: Measure, within: number): boolean {
	const slack = (relation === 'equals' ? within : 1e-9) * Math.abs(bound.value);
	const isBelow = that.low <= bound.high + slack;
	const isAbove = that.high >= bound.low - slack;
	return (relation === 'atLeast' || isBelow) && (relation === 'atMost' || isAbove);
}

/** The claims and figures that set the limit, the claim itself left out. */
function othersIn(
	check: Check,
	relation: Relation,
	{file, claim}: {readonly file: ClaimsFile; readonly claim: Claim},
): string[] {
	const names = namesIn(parseFormula(check[relation]!)).filter(id => id !== claim.id);
	return names.map(id => (isFromSimulation(file, id) ? `the simulated ${id}` : id));
}

/** A side of a check in the claim's unit, or in base units where the claim is not what is compared. */
function sideWords(
	side: Omit<Measure, 'dimension'> & {dimension?: Measure['dimension']},
	{claim, unit}: Case,
	check: Check,
): string {
	return check.that === undefined
		? formatInterval(inUnit(side, unit), claim.unit!)
		: formatInterval(side, describeDimension(side.dimension ?? {}));
}
