import {readFileSync} from 'node:fs';
import test from 'ava';
import {caseInput} from '../../src/autoscaler/case-input.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {failureWords} from '../../src/autoscaler/evaluate-metric.ts';
import {
	type AutoscalerState,
	commit,
	type Decision,
	type ReconcileInput,
	reconcile,
} from '../../src/autoscaler/reconcile.ts';

type Expected = {
	readonly desiredReplicas: number;
	readonly metrics: readonly {proposal?: number; utilization?: number; averageValueMilli?: number; error?: string}[];
	readonly conditions: Readonly<Record<string, string>>;
	readonly error?: string;
	readonly history: AutoscalerState;
};

const casesIn = (file: string) =>
	readFileSync(new URL(`../../../test/autoscaler/cases/${file}`, import.meta.url), 'utf8')
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));

const metricsAsKubernetesTellsThem = ({spec, controller}: ReconcileInput, {metrics}: Decision) =>
	metrics.map(({type: _, name: __, error, ...figures}, index) => ({
		...figures,
		...(error !== undefined && {error: failureWords(spec.metrics[index]!, error, controller.kubernetes)}),
	}));

const conditionsOf = ({recommendation, error, reasons, limited}: Decision) => {
	const [first, second, third] = reasons;
	return recommendation === undefined
		? {ScalingActive: error === undefined && first !== 'ScalingDisabled' ? undefined : `False ${first}`}
		: {
				ScalingActive: `True ${first}`,
				AbleToScale: `True ${second}`,
				ScalingLimited: `${limited ? 'True' : 'False'} ${third}`,
			};
};

const answersLikeKubernetes = test.macro({
	exec(t, file: string) {
		const cases = casesIn(file);
		for (const each of cases) {
			const expected = each.expect as Expected;
			const {input, state} = caseInput(DecideCase.parse(each));
			const decision = reconcile(input, state);
			t.is(decision.desiredReplicas, expected.desiredReplicas, each.id);
			t.deepEqual(metricsAsKubernetesTellsThem(input, decision), [...expected.metrics], each.id);
			t.is(decision.error, expected.error, each.id);

			// A change of size writes over the reason of AbleToScale.
			const isRescaled = expected.conditions['AbleToScale'] === 'True SucceededRescale';
			for (const [condition, value] of Object.entries(conditionsOf(decision))) {
				if (value !== undefined && !(isRescaled && condition === 'AbleToScale')) {
					t.is(expected.conditions[condition], value, `${each.id} ${condition}`);
				}
			}

			commit(state, input, decision);
			t.deepEqual(state, expected.history, `${each.id} memory`);
		}

		t.log(`${cases.length} cases`);
	},
	title: (_, file) => `answers as Kubernetes does in ${file}`,
});

test(answersLikeKubernetes, 'limits.ndjson');
test(answersLikeKubernetes, 'metrics.ndjson');
