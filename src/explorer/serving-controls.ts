import type {Experiment} from '../experiment/experiment.ts';
import {counted} from '../report/text/format.ts';
import type {Knob, Value} from '../tune/knob.ts';
import type {Scaling} from '../tune/scaling.ts';
import {servingWith} from '../tune/scaling.ts';
import {servingKnobs} from '../tune/serving-knobs.ts';
import {type Control, range, stopsWith} from './control.ts';

const amounts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 128, 200, 256];
const tokenAmounts = [256, 512, 1024, 2048, 4096, 8192, 16_384];

const parts: Readonly<Record<string, {readonly label: string; readonly at: string}>> = {
	num_parallel: {label: 'Parallel slots of a pod (OLLAMA_NUM_PARALLEL)', at: 'deployment.llm.parallel'},
	concurrency: {label: 'Requests that a pod works on at a time', at: 'deployment.service.concurrency.value'},
	maxNumSeqs: {label: 'Requests in a batch (--max-num-seqs)', at: 'deployment.engine.maxNumSeqs'},
	maxNumBatchedTokens: {
		label: 'Tokens in a step (--max-num-batched-tokens)',
		at: 'deployment.engine.maxNumBatchedTokens',
	},
	'waiting.connections': {label: 'Connections of the proxy to a pod', at: 'deployment.waiting.connections'},
};

/** Sliders for how many requests a pod takes at a time. */
export function servingControls(experiment: Experiment): Control[] {
	return servingKnobs(experiment).map(([name, knob]): Control => {
		const {label, at} = parts[name]!;
		const own = Number(knob.read(nothing));
		return {
			name,
			label,
			group: 'Pods',
			own,
			stops: stopsWith(own, stopsOf(name, own)),
			words: value => counted(Number(value), unitOf(name)),
			write: (changed, value) => withServing(changed, knob, value),
			changes: (_, value) => [`${at}=${value}`],
		};
	});
}

function stopsOf(name: string, own: number): readonly number[] {
	switch (name) {
		case 'num_parallel':
			return range(1, Math.max(16, 2 * own));
		case 'maxNumBatchedTokens':
			return tokenAmounts;
		default:
			return amounts;
	}
}

function unitOf(name: string): string {
	return name === 'maxNumBatchedTokens' ? 'token' : 'request';
}

/** A scaling that says nothing of the requests that a pod takes. */
const nothing: Scaling = {autoscaler: {minReplicas: 1, maxReplicas: 1, metrics: []}, containers: []};

function withServing(experiment: Experiment, knob: Knob, value: Value): Experiment {
	const {serving} = knob.write(nothing, value);
	return {...experiment, deployment: servingWith(experiment.deployment, serving)};
}
