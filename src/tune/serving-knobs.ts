import type {Tunable} from './custom-metric-knobs.ts';
import type {Knob} from './knob.ts';
import type {Scaling, ServingLimits} from './scaling.ts';

/**
 * Knobs for the requests that a pod takes at a time: parallel slots of an LLM's server, the batch of an engine, threads or
 * workers of a server that is none, and the connections that a proxy has to a pod.
 */
export function servingKnobs({deployment}: Tunable): [string, Knob][] {
	const {service, llm, waiting} = deployment;
	return [
		...(service.kind === 'work' || service.kind === 'time'
			? [servingKnob('num_parallel', 'parallel', llm.parallel, 1024)]
			: []),
		...(service.kind === 'engine'
			? (['maxNumSeqs', 'maxNumBatchedTokens'] as const).map(key =>
					servingKnob(key, key, service.engine[key], key === 'maxNumSeqs' ? 65_536 : 1e7),
				)
			: []),
		...(service.kind === 'server' ? [servingKnob('concurrency', 'concurrency', service.concurrency, 1024)] : []),
		...(waiting === undefined || waiting.at === 'pod'
			? []
			: [servingKnob('waiting.connections', 'connections', waiting.connections, 1e6)]),
	];
}

/** @param own - the experiment's value, with which the scaling says nothing of it */
function servingKnob(name: string, key: keyof ServingLimits, own: number, max: number): [string, Knob] {
	return [
		name,
		{
			unit: 'requests',
			words: [],
			min: 1,
			max,
			read: ({serving}) => serving?.[key] ?? own,
			write({serving, ...scaling}, value): Scaling {
				const {[key]: _, ...others} = serving ?? {};
				const changed = {...others, ...(value !== own && {[key]: Number(value)})};
				return Object.keys(changed).length === 0 ? scaling : {...scaling, serving: changed};
			},
		},
	];
}
