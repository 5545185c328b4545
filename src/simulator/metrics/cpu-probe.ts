import type {Simulation} from '../../engine/simulation.ts';
import {EventPriority, type MetricSource} from '../contracts.ts';
import type {Run} from '../run.ts';

/** Reads the metrics API at regular times, as somebody does who watches it: mean CPU of the pods [% of their requests]. */
export class CpuProbe {
	/** `[seconds, percent]`; NaN where no pod has metrics. */
	readonly line: [number, number][] = [];
	readonly #simulation: Simulation;
	readonly #metrics: MetricSource;
	readonly #request: number;
	readonly #period: number;
	readonly #event: number;

	/** @param period - time between two readings [s] */
	constructor({simulation, experiment}: Run, metrics: MetricSource, period: number) {
		this.#simulation = simulation;
		this.#metrics = metrics;
		this.#request = experiment.deployment.containers.reduce((sum, {requests}) => sum + (requests.cpu ?? 0), 0) * 1000;
		this.#period = period;
		this.#event = simulation.declare(EventPriority.sync, () => this.#read());
	}

	start(): void {
		this.#simulation.schedule(this.#simulation.now, this.#event);
	}

	#read(): void {
		const {now} = this.#simulation;
		const pods = this.#metrics.read();
		const uses = pods.map(({containers}) => containers.reduce((sum, {usage}) => sum + (usage['cpu'] ?? 0), 0));
		const mean = uses.reduce((sum, use) => sum + use, 0) / uses.length;
		this.line.push([now, (100 * mean) / this.#request]);
		this.#simulation.schedule(now + this.#period, this.#event);
	}
}
