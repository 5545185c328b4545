import type {Experiment} from '../../experiment/experiment.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import type {Control} from '../control.ts';
import type {Explored} from '../explored.ts';
import {shownOf} from '../explored.ts';
import {spokenSummary} from '../figures.ts';
import {commandLine, formatFragment, manifestText, parseFragment} from '../fragment.ts';
import {controlsOf, experimentWith, type Settings, setOptionsOf} from '../settings.ts';
import {ControlPanel} from './control-panel.ts';
import {byId, copyButton, showText} from './element.ts';
import {ResultsView} from './results-view.ts';
import type {Simulations} from './simulations.ts';

/** Time that a slider has to stand still before all replications are simulated [ms]. */
const restMs = 250;

/** An experiment as its sliders have it. */
type Position = {
	readonly experiment: Experiment;
	readonly changes: readonly string[];
	/** Number of the move that led here. */
	readonly move: number;
	readonly movedAt: number;
};

/** The page: sliders in, simulations out. */
export class Explorer {
	readonly #explored: Explored;
	readonly #simulations: Simulations;
	readonly #controls: readonly Control[];
	readonly #panel: ControlPanel;
	readonly #view: ResultsView;
	#settings: Settings = new Map();
	/** Position to simulate next; the one that is being simulated stays until it is done. */
	#wanted: Position | undefined;
	#isBusy = false;
	/** Grows with each move: what was begun before it is no longer wanted. */
	#moves = 0;
	/** Whether the sliders stand where somebody moved them, and not where the address says. */
	#isTouched = false;
	#resting: ReturnType<typeof setTimeout> | undefined;

	constructor(explored: Explored, simulations: Simulations) {
		this.#explored = explored;
		this.#simulations = simulations;
		this.#controls = controlsOf(explored);
		this.#view = new ResultsView(explored);
		this.#panel = new ControlPanel(byId('controls'), this.#controls, (control, value) => {
			this.#isTouched = true;
			this.#settle(new Map([...this.#settings, [control.name, value]]));
		});
	}

	start(): void {
		byId('reset').addEventListener('click', () => {
			this.#isTouched = true;
			this.#moveTo(new Map());
		});
		addEventListener('hashchange', () => this.#readAddress());
		byId('skip').addEventListener('click', () => byId('results').focus());
		if (this.#explored.experiment.autoscaler !== 'none') {
			copyButton('manifest');
		}

		copyButton('command');
		this.#moveTo(new Map());
		if (location.hash.length > 1) {
			this.#readAddress();
		}
	}

	#readAddress(): void {
		try {
			const settings = parseFragment(location.hash.slice(1), this.#controls);
			this.#isTouched = false;
			this.#moveTo(settings);
		} catch (error) {
			this.#tellFault(error);
		}
	}

	#moveTo(settings: Settings): void {
		this.#panel.show(settings);
		this.#settle(settings);
	}

	/** Takes settings on: what follows from them at once is shown, the rest is simulated. */
	#settle(settings: Settings): void {
		const movedAt = performance.now();
		const move = ++this.#moves;
		this.#settings = new Map(
			this.#controls.flatMap(({name, own}) => {
				const value = settings.get(name) ?? own;
				return value === own ? [] : [[name, value] as const];
			}),
		);
		clearTimeout(this.#resting);
		try {
			const experiment = experimentWith(this.#explored.experiment, this.#controls, this.#settings);
			this.#wanted = {experiment, changes: setOptionsOf(experiment, this.#controls, this.#settings), move, movedAt};
			showText('fault', '');
			this.#showManifest(experiment);
			void this.#simulate();
		} catch (error) {
			this.#wanted = undefined;
			this.#tellFault(error);
		}
	}

	/** Simulates one replication after the other while the sliders move, always of their current position. */
	async #simulate(): Promise<void> {
		if (this.#isBusy) {
			return;
		}

		this.#isBusy = true;
		try {
			for (let position = this.#wanted; position !== undefined; position = this.#wanted) {
				this.#wanted = undefined;
				const first = await this.#simulations.first(position.experiment);
				this.#show(position, [first]);
				showText('progress', `${Math.round(performance.now() - position.movedAt)} ms after the move`);
				this.#restAfter(position, first);
			}
		} catch (error) {
			this.#tellFault(error);
		} finally {
			this.#isBusy = false;
		}
	}

	#restAfter(position: Position, first: ReplicationResult): void {
		if (position.move !== this.#moves) {
			return;
		}

		this.#resting = setTimeout(() => {
			this.#writeAddress();
			this.#simulateAll(position, first).catch((error: unknown) => this.#tellFault(error));
		}, restMs);
	}

	async #simulateAll(position: Position, first: ReplicationResult): Promise<void> {
		const {replications} = position.experiment;
		let done = 1;
		const rest = await this.#simulations.rest(position.experiment, {
			isWanted: () => this.#moves === position.move,
			onReplication: () => {
				done++;
				showText('progress', `replication ${done} of ${replications}`);
			},
		});
		if (rest === undefined) {
			return;
		}

		const results = [first, ...rest];
		this.#show(position, results);
		showText('progress', 'comparing with other fixed numbers');
		const isWanted = () => this.#moves === position.move;
		const compared = await this.#simulations.withBaselines(position.experiment, results, isWanted);
		if (compared === undefined) {
			return;
		}

		showText('progress', 'simulating real runs');
		const predicted = await this.#simulations.withPrediction(position.experiment, compared, isWanted);
		if (predicted !== undefined) {
			this.#show(position, predicted, {isFinal: true});
			showText('progress', '');
		}
	}

	#show({experiment, changes}: Position, results: readonly ReplicationResult[], {isFinal = false} = {}): void {
		const shown = shownOf(experiment, results, this.#explored);
		this.#view.show(shown, {changes, isFinal});
		showText('command', commandLine(this.#explored, {changes, replications: results.length}));
		if (isFinal) {
			showText('spoken', spokenSummary(shown.summary));
		}
	}

	#showManifest({autoscaler, keda}: Experiment): void {
		if (autoscaler !== 'none') {
			showText('manifest', manifestText(autoscaler, this.#explored, keda));
		}
	}

	/** Without a step in the history for each move. */
	#writeAddress(): void {
		if (!this.#isTouched) {
			return;
		}

		const fragment = formatFragment(this.#settings);
		const [page] = location.href.split('#');
		history.replaceState(null, '', fragment === '' ? page : `#${fragment}`);
	}

	#tellFault(error: unknown): void {
		showText('fault', error instanceof Error ? error.message : String(error));
	}
}
