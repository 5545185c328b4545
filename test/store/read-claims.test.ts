import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../src/errors.ts';
import {readClaims} from '../../src/store/inputs/read-claims.ts';
import {faultLines, inFolder} from './scratch.ts';

const head = `apiVersion: replicast/v1
kind: Claims
name: test
publication: Nobody's
`;

const sound = `${head}claims:
  - {id: two, text: Two pods, claimed: 2, unit: pods, needs: a look}
  - {id: six, text: Six pods, claimed: 6, unit: pods, formula: two * 3}
`;

async function faultsOf(t: ExecutionContext, text: string): Promise<string[]> {
	return inFolder({'claims.yaml': text}, async folder =>
		faultLines(t, folder, async () => readClaims(join(folder, 'claims.yaml'))),
	);
}

test('a sound file has no faults', async t => {
	t.deepEqual(await faultsOf(t, sound), []);
});

const claims = (...lines: string[]) => `${sound}${lines.map(line => `  - ${line}\n`).join('')}`;

const refuses = test.macro({
	async exec(t, text: string, ...expected: string[]) {
		t.deepEqual(await faultsOf(t, text), expected);
	},
	title: (title = '') => title,
});

test(
	'an unknown reference',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: pods, formula: tow + six}'),
	'claims.yaml:8:55: Expected claims[2].formula to be a formula over claims and figures of this file, got tow, which is none',
);
test(
	'claims that follow from each other',
	refuses,
	claims(
		'{id: a, text: A, claimed: 1, unit: pods, formula: b}',
		'{id: b, text: B, claimed: 1, unit: pods, formula: a}',
	),
	'claims.yaml:8:55: Expected claims[2].formula to be a formula that does not lead back to its own claim, got a ← b ← a',
);
test(
	'a claim that follows from itself',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: pods, formula: a + two}'),
	'claims.yaml:8:55: Expected claims[2].formula to be a formula that does not lead back to its own claim, got a ← a',
);
test(
	'a unit that does not fit the formula',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: $/h, formula: two * six}'),
	'claims.yaml:8:54: Expected claims[2].formula to be in units that fit $/s, got two * six, which is in pod pod',
);
test(
	'units that do not fit each other',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: pods, formula: "two + 3 [h]"}'),
	'claims.yaml:8:55: Expected claims[2].formula to be a formula whose units fit, got two + 3 [h] (Expected units that can be added, got pod and s)',
);
test(
	'an unknown unit',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: bananas, needs: a look}'),
	'claims.yaml:8:40: Expected claims[2].unit to be a known unit, got bananas (Expected "bananas" in the unit bananas to be a known unit)',
);
test(
	'a figure of an experiment in another unit',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: pods, experiment: {file: x.yaml, figure: dynamic.latencySeconds.p95}}'),
	'claims.yaml:8:81: Expected claims[2].experiment.figure to be in units that fit pod, got dynamic.latencySeconds.p95, which is in s',
);
test(
	'a figure that no summary has',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: s, experiment: {file: x.yaml, figure: dynamic.latency}}'),
	'claims.yaml:8:78: Expected claims[2].experiment.figure to be a figure of a summary such as dynamic.latencySeconds.p95, got dynamic.latency',
);
test(
	'a formula that is none',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: pods, formula: two +}'),
	'claims.yaml:8:55: Expected claims[2].formula to be a formula, got two + (Expected a name, a number or ( in the formula two +, got its end)',
);
test(
	'an id that is taken',
	refuses,
	claims('{id: six, text: A, needs: a look}'),
	'claims.yaml:8:10: Expected claims[2].id to be an id of its own, got six a second time',
);
test(
	'a claim that nothing is said about',
	refuses,
	claims('{id: a, text: A, claimed: 1, unit: pods}'),
	'claims.yaml:8:5: Expected claims[2] to be a claim with a formula, an experiment, checks, assumes or needs, got a',
);
test(
	'a figure without a unit',
	refuses,
	claims('{id: a, text: A, claimed: 1, needs: a look}'),
	'claims.yaml:8:5: Expected claims[2].unit to be given beside claimed, got nothing',
);
test(
	'a formula for a claim in words, and a reference to one',
	refuses,
	claims('{id: a, text: A, formula: two, needs: a look}', '{id: b, text: B, claimed: 1, unit: pods, formula: a}'),
	'claims.yaml:8:31: Expected claims[2].formula to be left out where no figure is claimed, got "two"',
	'claims.yaml:9:55: Expected claims[3].formula to be a formula over claims with a figure, got a, which has none',
);
test(
	'a check without a side, and one in words without what it compares',
	refuses,
	claims('{id: a, text: A, checks: [{that: two}, {atMost: six}]}'),
	'claims.yaml:8:31: Expected claims[2].checks[0] to be a check with one of atMost, atLeast and equals, got none',
	'claims.yaml:8:44: Expected claims[2].checks[1].that to be given where no figure is claimed, got nothing',
);
test(
	'a key that is unknown',
	refuses,
	claims('{id: a, text: A, need: a look}'),
	'claims.yaml:8:22: Expected claims[2].need to be a known key (perhaps needs), got "need"',
);
test(
	'a figure with neither value nor experiment',
	refuses,
	`${sound}figures:\n  - {id: a, text: A}\n`,
	'claims.yaml:9:5: Expected figures[0] to be a figure with either a value or an experiment, got a map',
);
test('an empty file', refuses, '', 'claims.yaml:1:1: Expected a map, got an empty file');
test(
	'no claims',
	refuses,
	`${head}claims: []\n`,
	'claims.yaml:5:9: Expected claims to be a list of at least one claim, got a list',
);

test('a file that is not there', async t => {
	const error = await t.throwsAsync(readClaims('/nowhere/claims.yaml'), {instanceOf: UserError});
	t.is(error?.message, '/nowhere/claims.yaml does not exist');
});

test('experiments are found from the file that names them', async t => {
	const {claims: read} = await readClaims('experiments/claims-poster.yaml');
	const cost = read.find(({id}) => id === 'hourly-dynamic');
	t.is(cost?.experiment?.file, join('experiments', 'cost-efficiency.yaml'));
});
