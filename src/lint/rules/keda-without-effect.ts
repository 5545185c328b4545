import {mayIdleAtZero} from '../../autoscaler/keda/keda-spec.ts';
import {knownSeries} from '../../experiment/custom-metrics/known-series.ts';
import {selectorsOf} from '../../promql/expression.ts';
import {parseQuery} from '../../promql/parse-query.ts';
import {QueryFault} from '../../promql/query-fault.ts';
import type {Rule} from '../finding.ts';
import type {LintedAutoscaler, LintSubject} from '../subject.ts';
import type {WitnessPlan, WitnessStep} from '../witness/witness.ts';

/** A polling interval that nobody asks for. */
export const pollingWithoutEffect: Rule = {
	id: 'polling-without-effect',
	severity: 'info',
	title: 'a pollingInterval that does nothing',
	reason:
		'KEDA polls to go to zero pods and back. Above zero the HPA asks at its own period, so that the interval counts only where pods may go to 0, or with useCachedMetrics.',
	*check(subject) {
		const {autoscaler} = subject;
		const {keda} = autoscaler;
		if (
			keda !== undefined &&
			isAboveZero(autoscaler) &&
			autoscaler.given.has('pollingInterval') &&
			keda.triggers.every(({usesCachedMetrics}) => !usesCachedMetrics)
		) {
			yield {
				severity: 'info',
				object: autoscaler,
				place: autoscaler.placeOf('spec', 'pollingInterval'),
				message: `pollingInterval ${keda.pollingInterval} does nothing: there is always a pod, so the HPA asks for the metrics every 15 s and KEDA's polls decide nothing.`,
				fix: 'Leave it out; or set useCachedMetrics on a trigger, or minReplicaCount 0, if that is meant.',
				witness: sameLine(subject, {
					given: {pollingInterval: keda.pollingInterval},
					other: {pollingInterval: keda.pollingInterval === 300 ? 600 : 300},
				}),
			};
		}
	},
};

/** A cooldown that nothing waits for. */
export const cooldownWithoutEffect: Rule = {
	id: 'cooldown-without-effect',
	severity: 'info',
	title: 'a cooldownPeriod that does nothing',
	reason: 'KEDA waits for it before it takes the last pod away. Above zero the stabilization window of the HPA holds.',
	*check(subject) {
		const {autoscaler} = subject;
		const {keda} = autoscaler;
		if (keda !== undefined && isAboveZero(autoscaler) && autoscaler.given.has('cooldownPeriod')) {
			yield {
				severity: 'info',
				object: autoscaler,
				place: autoscaler.placeOf('spec', 'cooldownPeriod'),
				message: `cooldownPeriod ${keda.cooldownPeriod} does nothing: it delays the last pod alone, and there is always one.`,
				fix: 'Set advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds, if pods are to stay longer.',
				witness: sameLine(subject, {
					given: {cooldownPeriod: keda.cooldownPeriod},
					other: {cooldownPeriod: keda.cooldownPeriod === 30 ? 900 : 30},
				}),
			};
		}
	},
};

/** Zero pods that no metric ends, since only pods export it. */
export const neverLeavesZero: Rule = {
	id: 'stuck-at-zero',
	severity: 'error',
	title: 'zero pods from which no metric brings one back',
	reason:
		'A series that only the pods export does not exist at zero pods: its query is empty, which is 0 to KEDA, so the first pod never comes.',
	*check({autoscaler}) {
		const {keda} = autoscaler;
		if (keda === undefined || !mayIdleAtZero(keda) || keda.fallback !== undefined || keda.forcesActivation) {
			return;
		}

		const others = keda.triggers.filter(({metric}) => metric !== undefined);
		const names = others.map(({source}) => (source.kind === 'prometheus' ? namesOfPods(source.query) : undefined));
		if (others.length > 0 && names.every(found => found !== undefined)) {
			const [first] = names.flat();
			const index = keda.triggers.indexOf(others[0]!);
			yield {
				severity: 'error',
				object: autoscaler,
				place: autoscaler.placeOf('spec', 'triggers', index, 'metadata', 'query'),
				message: `Zero pods never end: ${first} is exported by the pods alone, so at zero pods the query is empty and KEDA never sees a request.`,
				fix: 'Set minReplicaCount to 1, or add a trigger on something that lives at zero pods: a gateway, the HTTP add-on, or a queue.',
				witness: zeroPlan(autoscaler),
			};
		}
	},
};

function isAboveZero({keda}: LintedAutoscaler): boolean {
	return keda !== undefined && keda.minReplicaCount > 0 && keda.idleReplicaCount !== 0;
}

/** Names of the series of a query when a model server alone exports each of them. */
function namesOfPods(query: string): string[] | undefined {
	try {
		const expression = parseQuery(query);
		const names = selectorsOf(expression).map(({name}) => name.replace(/_(?:bucket|sum|count)$/, ''));
		const isOfServers = names.every(
			name => /^(?:vllm:|sglang:|llamacpp:|tgi_|nv_)/.test(name) && knownSeries.get(name)?.exporter === 'pods',
		);
		// `… or vector(1)` has a value without any series.
		return names.length > 0 && isOfServers && !/\b(?:vector|absent)\s*\(/.test(query) ? names : undefined;
	} catch (error) {
		if (error instanceof QueryFault) {
			return undefined;
		}

		throw error;
	}
}

type ScaledSettings = Readonly<Record<string, unknown>>;

/** Requests in flight stand in for the triggers, which the settings at issue do not look at. */
function scaledExperiment(settings: ScaledSettings, rate: readonly {at: string; perSecond: number}[]) {
	return {
		name: 'witness',
		seed: 1,
		duration: '15m',
		workload: {arrivals: {process: 'poisson', interpolation: 'step', rate}, timeout: '30s'},
		deployment: {
			containers: {server: {requests: {cpu: 1, memory: '1Gi'}, limits: {cpu: 1, memory: '1Gi'}}},
			service: {distribution: 'constant', value: '2s'},
			startup: {distribution: 'constant', value: '10s'},
		},
		autoscaler: {
			apiVersion: 'keda.sh/v1alpha1',
			kind: 'ScaledObject',
			metadata: {name: 'witness'},
			spec: {
				scaleTargetRef: {name: 'witness'},
				...settings,
				triggers: [
					{
						type: 'prometheus',
						metadata: {
							serverAddress: 'http://prometheus:9090',
							query: 'sum(replicast_backend_in_flight)',
							threshold: '2',
						},
					},
				],
			},
		},
		prometheus: '../models/prometheus-15s.yaml',
		slo: {},
	};
}

/** Runs with two values of a setting, which are the same. */
function sameLine(
	{autoscaler}: LintSubject,
	{given, other}: {readonly given: ScaledSettings; readonly other: ScaledSettings},
): WitnessPlan {
	const {minReplicaCount, maxReplicaCount} = autoscaler.keda!;
	const rate = [
		{at: '0s', perSecond: 0.2},
		{at: '2m', perSecond: 2},
		{at: '6m', perSecond: 0.2},
	];
	const size = {minReplicaCount, maxReplicaCount: Math.max(maxReplicaCount, minReplicaCount)};
	const [setting, value] = Object.entries(other)[0]!;
	return {
		load: `0.2, then 2, then 0.2 requests/s, with requests in flight in the place of the triggers; with ${setting} ${value} every decision is the same`,
		experiment: scaledExperiment({...size, ...given}, rate),
		other: scaledExperiment({...size, ...other}, rate),
		shows: (steps, others) => steps.length > 0 && replicasOf(steps) === replicasOf(others),
		cases: [],
	};
}

function replicasOf(steps: readonly WitnessStep[]): string {
	return steps.map(({at, replicas, desired}) => `${at}:${replicas}:${desired}`).join(' ');
}

function zeroPlan({keda}: LintedAutoscaler): WitnessPlan {
	return {
		load: '1 request/s for 15 minutes from zero pods, with the requests in flight in the pods in the place of the triggers',
		experiment: scaledExperiment({minReplicaCount: 0, maxReplicaCount: Math.max(1, keda!.maxReplicaCount)}, [
			{at: '0s', perSecond: 1},
		]),
		shows: steps => steps.length > 0 && steps.every(({replicas}) => replicas === 0),
		cases: [],
	};
}
