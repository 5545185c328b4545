import type {RandomStream} from '../engine/random-stream.ts';
import type {Simulation} from '../engine/simulation.ts';
import {type Sampler, samplerOf} from '../experiment/draw-distribution.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {RequestBlocks, ScheduleBlock} from '../experiment/schedule.ts';
import {refusedPause, UserScript} from '../experiment/schedule-users.ts';
import type {Outcome} from '../records/record.ts';
import type {RequestStatistics} from '../records/request-statistics.ts';
import type {Balancer} from './balancer.ts';
import {EventPriority, type PodServing} from './contracts.ts';
import type {RequestObserver} from './custom-metrics/request-observer.ts';
import {Deadlines} from './deadlines.ts';
import type {RequestSink} from './request-log.ts';
import {type RequestPool, RequestState} from './request-pool.ts';
import {type Run, streamOf} from './run.ts';
import {Admission} from './waiting/admission.ts';
import {Patience} from './waiting/patience.ts';

/** Draws that belong to a request and are not in the schedule: its noise in service and its luck with the balancer. */
type RequestStreams = {
	readonly service: RandomStream;
	readonly balancing: RandomStream;
	readonly patience: RandomStream;
};

type TrafficParts = {
	/** Replication whose users are simulated. */
	readonly usersOf: number;
	/** Time in service [s] of the request that comes as the nth; undefined where the model draws it. */
	readonly serviceTimeOf: ((nth: number) => number | undefined) | undefined;
	/** Ordinal of the pod of the request that comes as the nth; balanced where undefined. */
	readonly podOf: ((nth: number) => number | undefined) | undefined;
	readonly serving: PodServing;
	readonly statistics: RequestStatistics;
	readonly log: RequestSink | undefined;
	/** Counter of the requests, where metrics are made of them. */
	readonly observer: RequestObserver | undefined;
};

/** The clients: they send as the schedule or their scripts say, wait, give up, and report how each request ended. */
export class Traffic {
	readonly #run: Run;
	readonly #simulation: Simulation;
	readonly #experiment: Experiment;
	readonly #usersOf: number;
	readonly #serviceTimeOf: TrafficParts['serviceTimeOf'];
	readonly #podOf: TrafficParts['podOf'];
	readonly #requests: RequestPool;
	readonly #admission: Admission;
	readonly #statistics: RequestStatistics;
	readonly #log: RequestSink | undefined;
	readonly #observer: RequestObserver | undefined;
	/** Left out where requests bring their own work. */
	readonly #drawService: Sampler | undefined;
	readonly #arrival: number;
	readonly #deadlines: Deadlines;
	readonly #patience: Patience | undefined;
	#blocks: Iterator<ScheduleBlock> | undefined;
	#block: ScheduleBlock | undefined;
	#row = 0;
	/** Draws of the block's requests, by row. */
	#serviceDraws = new Float64Array(0);
	#balancingDraws = new Float64Array(0);
	readonly #scripts: UserScript[] = [];
	readonly #streams: RequestStreams[] = [];

	constructor(run: Run, {usersOf, serviceTimeOf, podOf, serving, statistics, log, observer}: TrafficParts) {
		const {experiment, simulation} = run;
		this.#run = run;
		this.#simulation = simulation;
		this.#experiment = experiment;
		this.#usersOf = usersOf;
		this.#serviceTimeOf = serviceTimeOf;
		this.#podOf = podOf;
		this.#requests = run.requests;
		this.#statistics = statistics;
		this.#log = log;
		this.#observer = observer;
		this.#admission = new Admission(run, {serving, refused: request => this.#refuse(request)});
		this.#drawService = serviceSampler(experiment);
		const isOpen = experiment.workload.loop === 'open';
		this.#arrival = simulation.declare(EventPriority.arrival, user =>
			isOpen ? this.#arriveFromSchedule() : this.#arriveFromUser(user),
		);
		this.#deadlines = new Deadlines(run, request => this.#timeOut(request));
		const {patience} = experiment.workload;
		this.#patience = patience && new Patience(run, patience, request => this.#timeOut(request));
	}

	get endpoints(): Balancer {
		return this.#admission.endpoints;
	}

	/** A pod may take another request. */
	roomMade(): void {
		this.#admission.roomMade();
	}

	/** Begins to send. */
	start(schedule: RequestBlocks | undefined): void {
		const {workload} = this.#experiment;
		if (workload.loop === 'open') {
			// One for each source of arrivals, so that a flood by one tenant leaves the others' draws alone.
			for (let source = 0; source <= workload.tenants.length; source++) {
				this.#streams.push(this.#streamsOf(source));
			}

			this.#blocks = schedule!.blocks()[Symbol.iterator]();
			this.#nextBlock();
			this.#planArrival();
			return;
		}

		for (let user = 0; user < workload.users.count; user++) {
			this.#streams.push(this.#streamsOf(user));
			this.#scripts.push(new UserScript(this.#experiment, this.#usersOf, user));
			this.#think(user);
		}
	}

	completed(request: number): void {
		this.#statistics.completed(this.#requests, request, this.#simulation.now);
		this.#log?.add(this.#requests, request, this.#simulation.now, 'completed');
		this.#observer?.completed(request);
		this.#think(this.#requests.user[request]!);
	}

	failed(request: number): void {
		this.#miss(request, 'failed');
	}

	/** Reports what is still under way when the run is over. */
	finish(): void {
		for (const request of this.#requests.live()) {
			this.#statistics.missed(this.#requests.tenant[request]!, this.#requests.arrivedAt[request]!, 'inFlight');
			this.#log?.add(this.#requests, request, Number.NaN, 'inFlight');
		}
	}

	#miss(request: number, outcome: Exclude<Outcome, 'completed'>, shortestPause = 0): void {
		this.#statistics.missed(this.#requests.tenant[request]!, this.#requests.arrivedAt[request]!, outcome);
		this.#log?.add(this.#requests, request, this.#simulation.now, outcome);
		this.#observer?.missed(request);
		this.#think(this.#requests.user[request]!, shortestPause);
	}

	#streamsOf(entity: number): RequestStreams {
		const stream = (purpose: string) => streamOf(this.#run, purpose, entity);
		return {service: stream('service'), balancing: stream('balancing'), patience: stream('patience')};
	}

	#nextBlock(): void {
		const {value, done} = this.#blocks!.next() as IteratorResult<ScheduleBlock, undefined>;
		this.#block = done ? undefined : value;
		this.#row = 0;
		if (this.#block !== undefined) {
			this.#drawAhead(this.#block);
		}
	}

	/** Draws for each request of a block from its source's streams, in the order of the requests. */
	#drawAhead({source, work, count}: ScheduleBlock): void {
		if (this.#serviceDraws.length < count) {
			this.#serviceDraws = new Float64Array(count);
			this.#balancingDraws = new Float64Array(count);
		}

		const draw = this.#drawService;
		for (let row = 0; row < count; row++) {
			const {service, balancing} = this.#streams[source[row]!]!;
			this.#serviceDraws[row] = draw === undefined ? (work?.[row] ?? Number.NaN) : draw(service);
			this.#balancingDraws[row] = balancing.uniform();
		}
	}

	#planArrival(): void {
		if (this.#block !== undefined) {
			this.#simulation.scheduleBeside(this.#block.at[this.#row]!, this.#arrival);
		}
	}

	#arriveFromSchedule(): void {
		const block = this.#block!;
		const row = this.#row++;
		const requests = this.#requests;
		const request = requests.take();
		requests.tenant[request] = block.tenant[row]!;
		requests.conversation[request] = block.conversation[row]!;
		requests.traceRow[request] = block.traceRow === undefined ? -1 : block.traceRow[row]!;
		requests.promptTokens[request] = block.promptTokens[row]!;
		requests.outputTokens[request] = block.outputTokens[row]!;
		requests.user[request] = -1;
		requests.serviceDraw[request] = this.#serviceDraws[row]!;
		requests.balancingDraw[request] = this.#balancingDraws[row]!;
		this.#send(request, this.#streams[block.source[row]!]!);
		if (this.#row === block.count) {
			this.#nextBlock();
		}

		this.#planArrival();
	}

	#think(user: number, shortest = 0): void {
		if (user !== -1) {
			const at = this.#scripts[user]!.nextSending(Math.max(0, this.#simulation.now), shortest);
			if (at !== Number.POSITIVE_INFINITY) {
				this.#simulation.schedule(at, this.#arrival, user);
			}
		}
	}

	#arriveFromUser(user: number): void {
		const {tenant, conversation, promptTokens, outputTokens, work} = this.#scripts[user]!;
		const streams = this.#streams[user]!;
		const requests = this.#requests;
		const request = requests.take();
		requests.tenant[request] = tenant;
		requests.conversation[request] = conversation;
		requests.traceRow[request] = -1;
		requests.promptTokens[request] = promptTokens;
		requests.outputTokens[request] = outputTokens;
		requests.user[request] = user;
		requests.serviceDraw[request] = this.#drawService === undefined ? work : this.#drawService(streams.service);
		requests.balancingDraw[request] = streams.balancing.uniform();
		this.#send(request, streams);
	}

	/** Sends a request that has its draws. */
	#send(request: number, {patience}: RequestStreams): void {
		const requests = this.#requests;
		requests.arrivedAt[request] = this.#simulation.now;
		const nth = requests.serial[request]!;
		requests.serviceTime[request] = this.#serviceTimeOf?.(nth) ?? Number.NaN;
		const ordinal = this.#podOf?.(nth);
		if (ordinal !== undefined) {
			requests.balancingDraw[request] = 1 + ordinal;
		}

		this.#observer?.arrived();
		if (this.#admission.send(request)) {
			this.#deadlines.add(request);
			this.#patience?.begin(request, patience);
		}
	}

	/** No endpoint, or a full queue: the client knows at once. Without a pause a user would ask again for ever, time standing still. */
	#refuse(request: number): void {
		this.#miss(request, 'failed', refusedPause);
		this.#requests.release(request);
	}

	#timeOut(request: number): void {
		if (this.#requests.state[request] !== RequestState.abandoned) {
			this.#miss(request, 'timedOut');
			this.#admission.abandon(request);
		}
	}
}

/** Sampler of each request: its whole time in service, or a factor on its work; undefined where it brings its own. */
function serviceSampler({deployment: {service}}: Experiment): Sampler | undefined {
	if (service.kind === 'server') {
		return undefined;
	}

	if (service.kind === 'time') {
		return samplerOf(service.time);
	}

	return service.kind === 'engine'
		? undefined
		: samplerOf({distribution: 'lognormal', mean: 1, cv: service.residualCv});
}
