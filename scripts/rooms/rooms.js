/**
 * The rooms of `src/`: what each holds and which others it may import. A folder that is not named here belongs to the
 * nearest room above it. `npm run lint` refuses every other import, of types too; `npm run docs` writes the table of
 * docs/architecture.md.
 *
 * Pure: no clock, no file, no network, nothing of Node, so that it runs in a browser as it is.
 */
export const rooms = {
	engine: {
		pure: true,
		may: [],
		holds: 'event queue, virtual clock, run loop, random streams; knows nothing of Kubernetes',
	},
	statistics: {
		pure: true,
		may: [],
		holds: 'intervals, tests, distances, least squares, quantiles in bounded memory, fairness',
	},
	autoscaler: {
		pure: true,
		may: [],
		holds: 'the HPA: manifest and quantities in, decision with its reasons out; the case form of `decide`',
	},
	promql: {
		pure: true,
		may: [],
		holds:
			"the part of Prometheus' query language that is evaluated: text to expression, expression and series to values",
	},
	experiment: {
		pure: true,
		may: ['engine', 'autoscaler', 'promql'],
		holds: 'schemas of experiment and model files, the resolved experiment, the schedule of requests',
	},
	records: {
		pure: true,
		may: ['experiment', 'statistics'],
		holds: "the record's form, and what is computed from a record",
	},
	history: {
		pure: true,
		may: ['promql', 'records'],
		holds: 'what a monitoring system kept of a workload: known metrics, their queries, series on a grid',
	},
	simulator: {
		pure: true,
		may: ['engine', 'autoscaler', 'promql', 'experiment', 'records'],
		holds: 'Deployment, pods, queues, metric pipeline, control loop and faults as events on the engine',
	},
	forecast: {
		pure: true,
		may: ['statistics', 'promql', 'experiment', 'records', 'simulator'],
		holds: 'replications of both arms, their summary with intervals, cost, energy, savings, baselines',
	},
	calibration: {
		pure: true,
		may: ['statistics', 'autoscaler', 'experiment', 'records', 'simulator'],
		holds: 'coefficients of the models from records; in `recordings/` the hidden settings of a recorded autoscaler',
	},
	comparison: {
		pure: true,
		may: ['statistics', 'autoscaler', 'experiment', 'records', 'simulator', 'forecast'],
		holds:
			'simulated against measured records: figures, where errors come from, noise floor, verdict; in `validation/` the goals over all records',
	},
	tune: {
		pure: true,
		may: ['engine', 'statistics', 'autoscaler', 'experiment', 'records', 'simulator', 'forecast'],
		holds: 'spaces of settings and the search in them; the runs are simulated by a function that is passed in',
	},
	lint: {
		pure: true,
		may: ['autoscaler', 'promql', 'experiment'],
		holds: 'rules on what an autoscaler can never do, each finding with a load that shows it',
	},
	shadow: {
		pure: true,
		may: ['autoscaler'],
		holds:
			'sightings of a cluster in, decisions of its controller out, each beside the calculator’s from the same inputs',
	},
	audit: {pure: true, may: ['experiment', 'forecast'], holds: 'claims files, formulas with units, verdicts'},
	report: {
		pure: true,
		may: [
			'statistics',
			'autoscaler',
			'experiment',
			'records',
			'forecast',
			'calibration',
			'comparison',
			'tune',
			'audit',
			'lint',
			'shadow',
		],
		holds: 'all words and pictures: numbers, tables, charts, pages, the poster, one file a command',
	},
	'report/drawing': {pure: false, may: ['report', 'store'], holds: 'SVG and PNG of charts, PDF of pages, fonts'},
	explorer: {
		pure: true,
		may: ['statistics', 'autoscaler', 'experiment', 'records', 'forecast', 'tune', 'report'],
		holds: 'settings that are moved in a page: controls, address, pictures of the result',
	},
	'explorer/browser': {
		pure: false,
		may: ['explorer', 'experiment', 'records', 'forecast', 'tune', 'report'],
		holds: 'the script of that page: sliders, threads, drawing; bundled into `dist/browser/`',
	},
	store: {
		pure: false,
		may: ['statistics', 'autoscaler', 'experiment', 'records', 'history', 'forecast', 'tune', 'audit', 'lint'],
		holds: 'everything from and to disk: YAML with places, experiments, records, traces, results, atomic writes',
	},
	cluster: {
		pure: false,
		may: ['engine', 'statistics', 'autoscaler', 'experiment', 'records', 'history', 'tune', 'shadow', 'store'],
		holds:
			'everything that touches a cluster or a wall clock: setup, load, observation, measured records, live objects, search Jobs',
	},
	'cluster/emulated': {
		pure: false,
		may: ['autoscaler', 'experiment', 'records', 'simulator', 'cluster'],
		holds: 'emulated replays: nodes and pods by KWOK, load and service by the simulator on the clock of the machine',
	},
	backend: {pure: false, may: [], holds: 'the HTTP service that runs in the pod beside Ollama'},
	library: {
		pure: false,
		may: [
			'engine',
			'statistics',
			'autoscaler',
			'experiment',
			'records',
			'history',
			'simulator',
			'forecast',
			'calibration',
			'comparison',
			'tune',
			'audit',
			'lint',
			'shadow',
			'report',
			'report/drawing',
			'explorer',
			'store',
			'cluster',
			'cluster/emulated',
		],
		holds: "the use cases, a file each: what `import … from 'replicast'` gives; in `pool/` the worker threads",
	},
	cli: {
		pure: false,
		may: ['library', 'report'],
		holds: 'the command line: options in, exit status out',
	},
};

/** Files directly under `src/`, and the rooms that they may import. */
export const rootFiles = {'cli.ts': ['cli'], 'index.ts': ['library'], 'errors.ts': [], 'printable.ts': []};

/** What every room may import beside its own files. */
export const everywhere = ['errors.ts', 'printable.ts'];
