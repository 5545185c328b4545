/** metrics-server counts a container this young [s] from its start, with one point alone. */
const freshContainerAge = 10;

/** A reading of a container's counters: CPU time since the container's start [core-s], working set [bytes]. */
export type MeterPoint = {readonly at: number; readonly cpuSeconds: number; readonly memory: number};

/** Use of one container along the metric pipeline: cAdvisor's newest point, metrics-server's last two. */
export class ContainerMeter {
	readonly container: number;
	/** The container's start [s]; Infinity while it does not run. */
	startedAt = Number.POSITIVE_INFINITY;
	/** Counter of the pod when the container started: a restart begins at 0. */
	cpuAtStart = 0;
	/** Makes housekeeping events of an earlier container void. */
	stamp = 0;
	newest: MeterPoint | undefined;
	/** Point that cAdvisor read before the newest. */
	before: MeterPoint | undefined;
	last: MeterPoint | undefined;
	previous: MeterPoint | undefined;
	/** Time of the point that the API serves, NaN when it serves none. */
	servedAt = Number.NaN;

	constructor(container: number) {
		this.container = container;
	}

	/** The container runs from now on with its counters at 0. */
	start(now: number, cpuSeconds: number): void {
		this.startedAt = now;
		this.cpuAtStart = cpuSeconds;
		this.newest = undefined;
		this.before = undefined;
		this.stamp++;
	}

	stop(): void {
		this.startedAt = Number.POSITIVE_INFINITY;
		this.newest = undefined;
		this.before = undefined;
		this.stamp++;
	}

	/** Takes in a scraped point as metrics-server does. */
	store(point: MeterPoint, scrapePeriod: number): void {
		const age = point.at - this.startedAt;
		if (age >= freshContainerAge && age < scrapePeriod) {
			this.previous = {at: this.startedAt, cpuSeconds: 0, memory: 0};
		} else if (this.last === undefined || this.startedAt >= this.last.at) {
			this.previous = undefined;
		} else if (point.at > this.last.at) {
			this.previous = this.last;
		}

		this.last = point;
	}

	/** Takes in cAdvisor's last two points as the kubelet's rate, which metrics-server 0.3 passes on. */
	storeKubeletRate(): void {
		this.last = this.newest;
		this.previous = this.before;
	}

	/** metrics-server dropped the pod: two new points are needed. */
	forget(): void {
		this.last = undefined;
		this.previous = undefined;
	}
}
