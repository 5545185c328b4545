import type {RandomStream} from '../../engine/random-stream.ts';
import {type Sampler, samplerOf} from '../../experiment/draw-distribution.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {type NodeStage, nodeStages} from '../../experiment/nodes/node-stages.ts';
import {hasGpus} from './resource-space.ts';

/** Draws how long nodes take to come. */
export class DelayDraws {
	readonly #types: NodeAutoscaler['types'];
	readonly #samplers: Readonly<Record<NodeStage, Sampler>>;

	constructor({types, delays}: Pick<NodeAutoscaler, 'types' | 'delays'>) {
		this.#types = types;
		const entries = nodeStages.map(stage => [stage, samplerOf(delays[stage])]);
		this.#samplers = Object.fromEntries(entries) as Record<NodeStage, Sampler>;
	}

	/**
	 * Time from the order of a node until it is launched, and until pods may run on it [s].
	 *
	 * @param type - index of its instance type
	 */
	draw(stream: RandomStream, type: number): {readonly launched: number; readonly ready: number} {
		const {request, boot, join, driver} = this.#samplers;
		const launched = request(stream);
		const [started, joined, loaded] = [boot(stream), join(stream), driver(stream)];
		return {launched, ready: launched + started + joined + (hasGpus(this.#types[type]!) ? loaded : 0)};
	}

	/** Time until images and weights are on a node, from its first pod [s]. */
	warmUp(stream: RandomStream): number {
		const {images, weights} = this.#samplers;
		return images(stream) + weights(stream);
	}
}
