import test from 'ava';
import {auditClaims} from '../../src/audit/audit.ts';
import {claimFaults} from '../../src/audit/claim-faults.ts';
import {ClaimsFile} from '../../src/audit/claims-file.ts';
import type {AuditEvidence} from '../../src/audit/evidence.ts';

const none: AuditEvidence = {simulated: () => undefined, measured: () => undefined};
const file = (claims: readonly object[], figures: readonly object[] = []) =>
	ClaimsFile.parse({apiVersion: 'replicast/v1', kind: 'Claims', name: 'test', publication: 'test', claims, figures});

const judge = (claim: object, {others = [] as object[], figures = [] as object[], evidence = none} = {}) => {
	const claims = file([{id: 'it', text: 'It', ...claim}, ...others], figures);
	const [fault] = claimFaults(claims);
	if (fault !== undefined) {
		throw new Error(JSON.stringify(fault));
	}

	return auditClaims(claims, evidence)[0]!;
};

const two = {id: 'two', text: 'Two', claimed: 2, unit: 'pods', needs: 'sight'};
const six = {id: 'six', text: 'Six', claimed: 6, unit: 'pods', needs: 'sight'};
const simulated = (value: number, low: number | null = null, high: number | null = null): AuditEvidence => ({
	...none,
	simulated: () => ({value, low, high}),
});
const experiment = {file: 'any.yaml', figure: 'dynamic.availability'};

test('a formula that rounds to the figure reproduces it', t => {
	t.deepEqual(judge({claimed: 0.33, unit: '1', formula: 'two / six'}, {others: [two, six]}), {
		id: 'it',
		text: 'It',
		claimed: 0.33,
		unit: '1',
		verdict: 'reproduced',
		value: 0.333333333333,
		low: null,
		high: null,
		because: 'two / six = 0.3333.',
	});
});

test('one that does not is inconsistent with its claims, and says the value that would agree', t => {
	const {verdict, value, because} = judge({claimed: 40, unit: '%', formula: 'two / six'}, {others: [two, six]});
	t.is(verdict, 'inconsistent');
	t.is(value, 33.3333333333);
	t.is(because, 'By two and six it is 33.33 %: two / six.');
});

test('how far a figure may be off can be said', t => {
	t.is(judge({claimed: 35, unit: '%', within: 2, formula: 'two / six'}, {others: [two, six]}).verdict, 'reproduced');
	t.is(judge({claimed: 36, unit: '%', within: 2, formula: 'two / six'}, {others: [two, six]}).verdict, 'inconsistent');
});

test('a formula is judged alone, whatever may be doubted about its inputs', t => {
	const doubtful = {...two, assumes: 'much'};
	t.is(judge({claimed: 4, unit: 'pods', formula: 'six - two'}, {others: [doubtful, six]}).verdict, 'reproduced');
});

test('what a claim assumes is not supported, though its arithmetic agrees', t => {
	const claim = {claimed: 4, unit: 'pods', formula: 'six - two', assumes: 'that all is well', needs: 'a look'};
	const {verdict, value, because} = judge(claim, {others: [two, six]});
	t.is(verdict, 'not-supported');
	t.is(value, 4);
	t.is(because, 'Assumes that all is well. To be measured or shown: a look. six - two = 4 pods.');
});

test('a simulation that agrees within its interval reproduces', t => {
	const claim = {claimed: 99.9, unit: '%', experiment};
	t.like(judge(claim, {evidence: simulated(0.998, 0.9965, 0.9995)}), {
		verdict: 'reproduced',
		value: 99.8,
		low: 99.65,
		high: 99.95,
		because: 'The simulation of any gives 99.8 % [99.65, 99.95].',
	});
	t.is(judge(claim, {evidence: simulated(0.998)}).verdict, 'not-supported');
	t.is(judge(claim).because, 'The simulation of any has no such figure.');
});

test('a simulation beside a formula is told and decides nothing', t => {
	const claim = {claimed: 33, unit: '%', formula: 'two / six', experiment};
	const {verdict, value, because} = judge(claim, {others: [two, six], evidence: simulated(0.5)});
	t.is(verdict, 'reproduced');
	t.is(value, 33.3333333333);
	t.regex(because, /The simulation of any gives 50 %/);
});

test('a limit that other claims set', t => {
	const above = judge(
		{claimed: 7, unit: 'pods', checks: [{atMost: 'six', because: 'Six is all there is'}]},
		{others: [six]},
	);
	t.like(above, {verdict: 'inconsistent', value: 6, because: 'By six it is at most 6 pods: six. Six is all there is.'});
	t.is(judge({claimed: 6, unit: 'pods', checks: [{atMost: 'six'}]}, {others: [six]}).verdict, 'reproduced');
	t.is(judge({claimed: 5, unit: 'pods', checks: [{atLeast: 'six'}]}, {others: [six]}).verdict, 'inconsistent');
	t.is(judge({claimed: 6, unit: 'pods', checks: [{equals: 'two * 3'}]}, {others: [two]}).verdict, 'reproduced');
});

test('a limit that a simulation sets supports nothing, but is no contradiction within the publication', t => {
	const figures = [{id: 'found', text: 'Found', experiment}];
	const claim = {claimed: 0.9, unit: '1', checks: [{atMost: 'found'}]};
	t.is(judge(claim, {figures, evidence: simulated(0.5)}).verdict, 'not-supported');
	t.is(judge(claim, {figures, evidence: simulated(0.8, 0.7, 0.95)}).verdict, 'reproduced');
});

test('a claim in words can be checked, and needs what would show it', t => {
	const checks = [{that: 'six / two', equals: '2'}];
	t.like(judge({checks}, {others: [two, six]}), {verdict: 'inconsistent', claimed: null, unit: null, value: null});
	t.like(judge({needs: 'a look'}), {verdict: 'not-supported', because: 'To be measured or shown: a look.'});
});

test('a measured record that says otherwise contradicts', t => {
	const measured = {file: 'any.yaml', profile: 'bench', figure: 'dynamic.availability'};
	const claim = {claimed: 100, unit: '%', experiment, measured};
	const evidence: AuditEvidence = {
		simulated: () => ({value: 1, low: null, high: null}),
		measured: () => ({value: 0.97, low: 0.96, high: 0.98, records: ['reports/a', 'reports/b']}),
	};
	t.like(judge(claim, {evidence}), {
		verdict: 'contradicted',
		value: 97,
		low: 96,
		high: 98,
		because: 'Contradicted by the record reports/a and 1 more: 97 % [96, 98]. The simulation of any gives 100 %.',
	});
	const kept = {...evidence, measured: () => ({value: 1, low: null, high: null, records: ['reports/a']})};
	t.is(judge(claim, {evidence: kept}).verdict, 'reproduced');
	t.is(judge({...claim, measured: {...measured, within: 4}}, {evidence}).verdict, 'reproduced');
	t.is(judge({...claim, claimed: 50, measured: {...measured, is: 'atLeast'}}, {evidence}).verdict, 'not-supported');
});

test('what would follow is told in its own unit', t => {
	const implies = [{text: 'Half of it', formula: 'it / 2', unit: 'pods'}];
	t.regex(judge({claimed: 6, unit: 'pods', needs: 'a look', implies}).because, /Half of it: 3 pods\.$/);
});
