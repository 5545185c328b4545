import type {RandomStream} from '../../engine/random-stream.ts';
import type {Simulation} from '../../engine/simulation.ts';
import type {MetricsModel} from '../../experiment/experiment.ts';
import {EventPriority} from '../contracts.ts';
import {type Run, streamOf} from '../run.ts';

/** Jittered beat on which a pipeline scrapes; its phase is drawn, or that of the clocks that a record gives. */
export class ScrapeClock {
	readonly #simulation: Simulation;
	readonly #beat: MetricsModel['scrape'];
	readonly #event: number;
	readonly #stream: RandomStream;
	#next: number;

	constructor(run: Run, {scrape}: MetricsModel, scrapeAll: () => void) {
		const {simulation, clocks} = run;
		this.#simulation = simulation;
		this.#beat = scrape;
		this.#event = simulation.declare(EventPriority.scrape, () => {
			scrapeAll();
			this.#schedule();
		});
		this.#stream = streamOf(run, 'scrape');
		const {period} = scrape;
		const drawn = simulation.now + this.#stream.uniform() * period;
		const given = clocks?.scrape;
		this.#next = given === undefined ? drawn : given - Math.floor((given - simulation.now) / period) * period;
		this.#schedule();
	}

	#schedule(): void {
		const {period, jitter} = this.#beat;
		this.#simulation.schedule(this.#next, this.#event);
		this.#next += period * (1 + jitter * this.#stream.uniform());
	}
}
