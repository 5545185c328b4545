import {checkFindings} from './check-findings.ts';
import type {Claim, ClaimsFile} from './claims-file.ts';
import {evaluate} from './evaluate.ts';
import {type AuditEvidence, lookupOf, measureOf, unitOf} from './evidence.ts';
import {type Case, ended, type Finding, inUnit, isFromSimulation, listed} from './finding.ts';
import {formatFigure, formatInterval} from './format-figure.ts';
import {namesIn, parseFormula} from './formula.ts';
import {type ClaimUnit, parseUnit} from './unit.ts';

/** Findings for or against a claim, the decisive one first. */
export function findingsOf(claim: Claim, file: ClaimsFile, evidence: AuditEvidence): Finding[] {
	const unit = parseUnit(claim.unit ?? '1', file.units);
	const claimed = claim.claimed === undefined ? undefined : roundedTo(claim.claimed, claim.within, unit);
	const given: Case = {claim, file, evidence, unit, claimed, lookup: lookupOf(file, evidence)};
	return [
		...measuredFindings(given),
		...formulaFindings(given),
		...checkFindings(given),
		...simulatedFindings(given),
		...textFindings(given),
	];
}

function roundedTo(claimed: number, within = halfOfLastDigit(claimed), {factor}: ClaimUnit): Case['claimed'] {
	const slack = 1e-9 * Math.abs(claimed);
	const [low, high] = [claimed - within - slack, claimed + within + slack];
	return {value: claimed * factor, low: low * factor, high: high * factor};
}

/** 0.005 for 2.78: all that would have been published as this figure. */
function halfOfLastDigit(claimed: number): number {
	const [mantissa = '', exponent = '0'] = String(claimed).split('e');
	const decimals = mantissa.split('.')[1]?.length ?? 0;
	return 0.5 * Number(`1e${Number(exponent) - decimals}`);
}

function overlaps(a: {readonly low: number; readonly high: number}, b: typeof a): boolean {
	return a.low <= b.high && b.low <= a.high;
}

function formulaFindings({claim, file, lookup, unit, claimed}: Case): Finding[] {
	if (claim.formula === undefined || claimed === undefined) {
		return [];
	}

	const formula = parseFormula(claim.formula);
	const result = evaluate(formula, lookup, file.units);
	if (result === undefined) {
		return [{source: 'formula', verdict: 'not-supported', because: `${claim.formula} could not be reckoned.`}];
	}

	const estimate = inUnit(result, unit);
	const shown = formatFigure(estimate.value, claim.unit!);
	if (overlaps(result, claimed)) {
		return [{source: 'formula', verdict: 'reproduced', because: `${claim.formula} = ${shown}.`, estimate}];
	}

	const isSimulated = namesIn(formula).some(id => isFromSimulation(file, id));
	const others = namesIn(formula).filter(id => file.claims.some(other => other.id === id));
	const because = `By ${listed(others)} it is ${shown}: ${claim.formula}.`;
	return [{source: 'formula', verdict: isSimulated ? 'not-supported' : 'inconsistent', because, estimate}];
}

function simulatedFindings({claim, evidence, unit, claimed}: Case): Finding[] {
	const {experiment} = claim;
	if (experiment === undefined || claimed === undefined) {
		return [];
	}

	const name = nameOf(experiment);
	const found = evidence.simulated(experiment);
	if (found === undefined) {
		return [{source: 'simulated', verdict: 'not-supported', because: `The simulation of ${name} has no such figure.`}];
	}

	const measure = measureOf(found, unitOf(experiment));
	const estimate = inUnit(measure, unit);
	const because = `The simulation of ${name} gives ${formatInterval(estimate, claim.unit!)}.`;
	const isJudge = claim.formula === undefined;
	const verdict = overlaps(measure, claimed) ? 'reproduced' : 'not-supported';
	return [{source: 'simulated', because, estimate, ...(isJudge && {verdict})}];
}

/** `cost-efficiency (bench)` */
function nameOf({file, profile, set}: {file: string; profile?: string; set: readonly string[]}): string {
	const name = file.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
	const how = [...(profile === undefined ? [] : [profile]), ...set].join(', ');
	return how === '' ? name : `${name} (${how})`;
}

function measuredFindings({claim, evidence, unit, claimed}: Case): Finding[] {
	const {measured} = claim;
	const found = measured && evidence.measured(measured);
	if (measured === undefined || found === undefined || claimed === undefined) {
		return [];
	}

	const measure = measureOf(found, unitOf(measured));
	const bounds = measured.within === undefined ? claimed : roundedTo(claim.claimed!, measured.within, unit)!;
	const holds = {
		equals: overlaps(measure, bounds),
		atLeast: measure.high >= bounds.low,
		atMost: measure.low <= bounds.high,
	}[measured.is];
	const estimate = inUnit(measure, unit);
	const [first = '', ...more] = found.records;
	const where = more.length === 0 ? `the record ${first}` : `the record ${first} and ${more.length} more`;
	const because = `${holds ? 'In line with' : 'Contradicted by'} ${where}: ${formatInterval(estimate, claim.unit!)}.`;
	return [{source: 'measured', because, estimate, ...(!holds && {verdict: 'contradicted' as const})}];
}

function textFindings({claim, file, lookup}: Case): Finding[] {
	const {assumes, needs, implies} = claim;
	return [
		...(assumes === undefined
			? []
			: [{source: 'text', verdict: 'not-supported', because: `Assumes ${ended(assumes)}`} as const]),
		...(needs === undefined
			? []
			: [{source: 'text', verdict: 'not-supported', because: `To be measured or shown: ${ended(needs)}`} as const]),
		...implies.flatMap(({text, formula, unit}): Finding[] => {
			const result = evaluate(parseFormula(formula), lookup, file.units);
			return result === undefined
				? []
				: [{source: 'text', because: `${text}: ${formatInterval(inUnit(result, parseUnit(unit, file.units)), unit)}.`}];
		}),
	];
}
