import {type HpaIdentity, hpaObject} from '../autoscaler/hpa-manifest.ts';
import {changedScaledObject} from '../autoscaler/keda/changed-scaled-object.ts';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import type {Container, Experiment} from '../experiment/experiment.ts';
import {shellWord} from '../printable.ts';
import {counted} from '../statistics/format-number.ts';
import {formatKnobValue} from '../tune/knob.ts';
import {knobsOf} from '../tune/knobs.ts';
import {presentScaling} from '../tune/resolve-space.ts';
import type {Tuning, TuningCandidate} from '../tune/tuning.ts';
import {figureWords} from './tables/tuned-figures.ts';
import {formatEstimate, formatNumber, money, percent, seconds, wattHours} from './text/format.ts';

type ManifestContext = {
	readonly identity: HpaIdentity;
	/** Manifest of the ScaledObject that it replaces; left out where an HPA is tuned. */
	readonly scaledObject?: unknown;
	/** Release of the cluster. */
	readonly kubernetes: string;
	/** Version of this package. */
	readonly version: string;
};

/** Recommended HorizontalPodAutoscaler, or ScaledObject, as `kubectl apply` takes it, with the expected figures in its annotations. */
export function recommendedManifest(
	experiment: Experiment,
	tuning: Tuning,
	{identity, scaledObject, kubernetes, version}: ManifestContext,
): string {
	const {name, profile} = experiment;
	const {autoscaler, keda} = tuning.recommended;
	const isTolerant = [autoscaler.behavior?.scaleUp, autoscaler.behavior?.scaleDown].some(
		rules => rules?.tolerance !== undefined,
	);
	const head = [
		`What replicast ${version} recommends for ${name}${profile === undefined ? '' : ` (${profile})`}: kubectl apply -f recommended.yaml`,
		...(isTolerant ? [`tolerance is obeyed from Kubernetes 1.35 on; this was tuned for ${kubernetes}.`] : []),
		...(resourcesPatch(experiment, tuning, identity) === undefined
			? []
			: [`It goes with other ${patchedParts(experiment, tuning)}, in resources-patch.yaml: apply those first.`]),
		...unpatchedLines(tuning),
		...nodeChanges(experiment, tuning),
	];
	const annotations = annotationsOf(experiment, tuning);
	if (keda !== undefined && scaledObject !== undefined) {
		return kubectlYaml(withAnnotations(changedScaledObject(scaledObject, {keda, autoscaler}), annotations), head);
	}

	const metadata = {...identity.metadata, annotations};
	return kubectlYaml(hpaObject(autoscaler, {...identity, metadata}), head);
}

/** Settings of the nodes that it goes with, which no manifest of its own has. */
function nodeChanges(experiment: Experiment, {candidates}: Tuning): string[] {
	const knobs = knobsOf(experiment);
	const present = candidates.find(candidate => candidate.present)?.settings ?? {};
	const changes = Object.entries(candidates[0]!.settings)
		.filter(([name, value]) => name.startsWith('nodes.') && value !== present[name])
		.map(([name, value]) => `${name} ${formatKnobValue(knobs.get(name)!.unit, value)}`);
	return changes.length === 0 ? [] : [`It goes with other settings of the nodes: ${changes.join(', ')}.`];
}

function withAnnotations(manifest: object, annotations: Readonly<Record<string, string>>): object {
	const {metadata} = manifest as {readonly metadata?: {readonly annotations?: object}};
	return {...manifest, metadata: {...metadata, annotations: {...metadata?.annotations, ...annotations}}};
}

function patchedParts(experiment: Experiment, {recommended}: Tuning): string {
	const present = presentScaling(experiment).containers;
	const isResized = recommended.containers.some((container, index) => container !== present[index]);
	return [
		...(isResized ? ['container sizes'] : []),
		...(recommended.serving?.parallel === undefined ? [] : ['parallel slots (OLLAMA_NUM_PARALLEL)']),
	].join(' and ');
}

/** Recommended numbers of requests that neither the autoscaler's manifest nor the pods' can say. */
function unpatchedLines({recommended: {serving}}: Tuning): string[] {
	const {connections, concurrency, maxNumSeqs, maxNumBatchedTokens} = serving ?? {};
	const flags = [
		...(maxNumSeqs === undefined ? [] : [`--max-num-seqs ${maxNumSeqs}`]),
		...(maxNumBatchedTokens === undefined ? [] : [`--max-num-batched-tokens ${maxNumBatchedTokens}`]),
	];
	return [
		...(connections === undefined
			? []
			: [
					`It goes with ${counted(connections, 'connection')} of the proxy to each pod (HAProxy maxconn, Knative containerConcurrency): set that first.`,
				]),
		...(concurrency === undefined
			? []
			: [`It goes with a server that works on ${counted(concurrency, 'request')} at a time: set that first.`]),
		...(flags.length === 0 ? [] : [`It goes with an engine that is started with ${flags.join(' ')}: set that first.`]),
	];
}

/** Recommended container sizes and parallel slots as `kubectl patch` takes them; undefined when they stay as they are. */
export function resourcesPatch(experiment: Experiment, tuning: Tuning, identity: HpaIdentity): string | undefined {
	const {llm} = experiment.deployment;
	const present = presentScaling(experiment).containers;
	const {containers, serving} = tuning.recommended;
	const slotsOf = ({name}: Container) => (name === llm.container ? serving?.parallel : undefined);
	const changed = containers.filter(
		(container, index) => container !== present[index] || slotsOf(container) !== undefined,
	);
	if (changed.length === 0) {
		return undefined;
	}

	const {metadata, scaleTargetRef} = identity;
	const words = [
		...(metadata.namespace === undefined ? [] : ['-n', metadata.namespace]),
		'patch',
		scaleTargetRef.kind.toLowerCase(),
		scaleTargetRef.name,
	];
	const patch = {
		spec: {
			template: {
				spec: {containers: changed.map(container => ({...sizesOf(container), ...slotsIn(slotsOf(container))}))},
			},
		},
	};
	return kubectlYaml(patch, [`kubectl ${words.map(shellWord).join(' ')} --patch-file resources-patch.yaml`]);
}

function slotsIn(parallel: number | undefined) {
	return parallel === undefined ? {} : {env: [{name: 'OLLAMA_NUM_PARALLEL', value: String(parallel)}]};
}

function sizesOf({name, requests, limits}: Container) {
	const quantities = ({cpu, memory}: Container['requests']) => ({
		...(cpu !== undefined && {cpu: formatKnobValue('cores', cpu)}),
		...(memory !== undefined && {memory: formatKnobValue('bytes', memory)}),
	});
	return {name, resources: {requests: quantities(requests), limits: quantities(limits)}};
}

function annotationsOf(experiment: Experiment, tuning: Tuning): Record<string, string> {
	const {candidates, goal, correctness} = tuning;
	const recommended = candidates[0]!;
	const present = candidates.find(candidate => candidate.present)!;
	const {good, within} = correctness;
	const annotations = {
		experiment: experiment.hash.slice(0, 16),
		goal: `least ${figureWords[goal.minimize]}, ${goal.constraints.map(({text}) => text).join(', ')}`,
		'expected-cost': `${formatEstimate(recommended.costPerHour, money(experiment.prices.currency))} an hour`,
		'present-cost': `${formatEstimate(present.costPerHour, money(experiment.prices.currency))} an hour`,
		'expected-saving': formatEstimate(tuning.saved.fraction, percent),
		...expectationsOf(recommended),
		replications: `${recommended.replications}${recommended.heldOut ? ' that the search has not seen' : ' of the search'}`,
		'probability-of-good-selection': `${formatNumber(good * 100)} % to be within ${formatNumber(within * 100)} % of the best`,
	};
	return Object.fromEntries(Object.entries(annotations).map(([key, text]) => [`replicast/${key}`, text]));
}

function expectationsOf({p95Seconds, availability, sloMisses, energy, replicas, churn}: TuningCandidate) {
	return {
		'expected-p95': formatEstimate(p95Seconds, seconds),
		'expected-availability': formatEstimate(availability, percent),
		'expected-slo-misses': formatEstimate(sloMisses, percent),
		'expected-energy': formatEstimate(energy, wattHours),
		'expected-replicas': formatEstimate(replicas, () => ({})),
		'expected-churn': `${formatEstimate(churn, () => ({}))} pods an hour`,
	};
}
