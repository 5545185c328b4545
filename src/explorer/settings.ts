import type {Experiment} from '../experiment/experiment.ts';
import {experimentHash} from '../experiment/experiment-hash.ts';
import {hasRoomForModel} from '../experiment/model-container.ts';
import type {Value} from '../tune/knob.ts';
import {autoscalerControls} from './autoscaler-controls.ts';
import type {Control} from './control.ts';
import type {Explored} from './explored.ts';
import {loadControls} from './load-controls.ts';
import {nodeControls} from './node-controls.ts';
import {priceControls} from './price-controls.ts';
import {servingControls} from './serving-controls.ts';

/** Values of the sliders that have moved from the experiment's own, by the names of their controls. */
export type Settings = ReadonlyMap<string, Value>;

/** Sliders of an experiment. */
export function controlsOf(explored: Explored): Control[] {
	const {experiment} = explored;
	return [
		...autoscalerControls(experiment),
		...servingControls(experiment),
		...nodeControls(experiment),
		...loadControls(explored),
		...priceControls(experiment),
	];
}

/**
 * The experiment with the sliders' settings.
 *
 * @throws {RangeError} when they do not go together
 */
export function experimentWith(experiment: Experiment, controls: readonly Control[], settings: Settings): Experiment {
	const changed = moved(controls, settings).reduce((now, [{write}, value]) => write(now, value), experiment);
	refuseImpossible(changed);
	return {...changed, hash: experimentHash(changed)};
}

/** Arguments of `--set` for `replicast run` that give the same experiment, in the order of the controls. */
export function setOptionsOf(changed: Experiment, controls: readonly Control[], settings: Settings): string[] {
	return [...new Set(moved(controls, settings).flatMap(([{changes}, value]) => changes(changed, value)))];
}

function moved(controls: readonly Control[], settings: Settings): [Control, Value][] {
	return controls.flatMap((control): [Control, Value][] => {
		const value = settings.get(control.name);
		return value === undefined || value === control.own ? [] : [[control, value]];
	});
}

function refuseImpossible({autoscaler, deployment}: Experiment): void {
	const {llm} = deployment;
	if (!hasRoomForModel(deployment)) {
		throw new RangeError(
			`Expected the memory limit of container ${llm.container} to hold the model and ${llm.parallel} contexts, got less`,
		);
	}

	if (autoscaler === 'none') {
		return;
	}

	const {minReplicas, maxReplicas, behavior, metrics} = autoscaler;
	if (metrics.length === 0) {
		throw new RangeError('Expected a metric to have a target, got none');
	}

	if (minReplicas > maxReplicas) {
		throw new RangeError(`Expected maxReplicas to be at least minReplicas, ${minReplicas}, got ${maxReplicas}`);
	}

	for (const [direction, rules] of Object.entries(behavior ?? {})) {
		if (rules.policies.length === 0) {
			throw new RangeError(`Expected ${direction} to have a policy of pods or of per cent, got neither`);
		}
	}
}
