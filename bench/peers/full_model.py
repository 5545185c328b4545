"""The model of bench/experiments/half-hour.yaml in SimPy: requests, pods and their starts, queues, clients that give up,
cAdvisor, metrics-server and the HorizontalPodAutoscaler of Kubernetes 1.34 with one CPU metric and no `behavior`.

Reads {"experiment": the resolved experiment, "replications": [numbers]} and prints one result for each replication.
What half-hour.yaml does not use is left out: nodes, memory, parallel slots, conversations' histories, restarts, faults.
"""
import bisect
import json
import math
import random
import sys
import time

import simpy

PRE_ROLL = 90
INITIAL_AGE = 600
FRESH_CONTAINER_AGE = 10
TOLERANCE = 0.1
CPU_INITIALIZATION_PERIOD = 300
INITIAL_READINESS_DELAY = 30
DOWNSCALE_STABILIZATION = 300


def sampler(distribution, rng):
    """A function that draws from a distribution of the experiment."""
    kind = distribution["distribution"]
    if kind == "constant":
        return lambda: distribution["value"]
    if kind == "empirical":
        return lambda: rng.choice(distribution["values"])
    if kind == "lognormal":
        variance = math.log(1 + distribution["cv"] ** 2)
        mu, sigma = math.log(distribution["mean"]) - variance / 2, math.sqrt(variance)
        most = distribution.get("max", math.inf)
        return lambda: min(most, rng.lognormvariate(mu, sigma))
    raise ValueError(f"Expected a distribution of half-hour.yaml, got {kind}")


class Meter:
    """What is known of one container's CPU time along the metric pipeline: points of (time, CPU seconds)."""

    __slots__ = ("started_at", "newest", "last", "previous")

    def __init__(self):
        self.started_at = math.inf
        self.newest = self.last = self.previous = None

    def store(self, period):
        point, age = self.newest, self.newest[0] - self.started_at
        if FRESH_CONTAINER_AGE <= age < period:
            self.previous = (self.started_at, 0.0)
        elif self.last is None or self.started_at >= self.last[0]:
            self.previous = None
        elif point[0] > self.last[0]:
            self.previous = self.last
        self.last = point


class Pod:
    def __init__(self, model, created_at):
        self.created_at = created_at
        self.scheduled_at = self.started_at = self.ready_at = self.ready_changed_at = math.nan
        self.is_ready = self.is_loading = self.is_terminating = self.is_gone = self.is_running = False
        self.slot = simpy.Resource(model.env, capacity=1)
        self.held = set()
        self.tie_break = model.rng.random()
        self.accounted_at = model.env.now
        self.llm_cpu = self.backend_cpu = self.backlog = 0.0
        self.meters = (Meter(), Meter())
        self.served = None


class Model:
    def __init__(self, experiment, replication):
        self.env = simpy.Environment(initial_time=-PRE_ROLL)
        self.rng = rng = random.Random(f"{experiment['seed']}/{replication}")
        self.duration = experiment["duration"]
        workload, deployment = experiment["workload"], experiment["deployment"]
        self.rates = workload["arrivals"]["rate"]
        self.timeout = workload["timeout"]
        self.prompt = sampler(workload["requests"]["promptTokens"], rng)
        self.output = sampler(workload["requests"]["outputTokens"], rng)
        self.tenants = workload["tenants"]
        self.shares = [tenant["share"] for tenant in self.tenants]
        self.service = service = deployment["service"]
        self.residual = sampler({"distribution": "lognormal", "mean": 1, "cv": service["residualCv"]}, rng)
        llm = deployment["llm"]
        containers = {container["name"]: container for container in deployment["containers"]}
        runner = containers.pop(llm["container"])
        (backend,) = containers.values()
        self.speed = min(llm["threads"], runner["limits"]["cpu"])
        self.backend_speed = backend["limits"]["cpu"]
        self.idle_llm = service["idleCpu"]["llm"]
        self.idle_backend = min(service["idleCpu"]["backend"], self.backend_speed)
        self.request_milli = 1000 * (runner["requests"]["cpu"] + backend["requests"]["cpu"])
        startup = deployment["startup"]
        self.load_cpu = min(startup["modelLoadCpu"], self.speed)
        self.stage = {name: sampler(distribution, rng) for name, distribution in startup["stages"].items()}
        self.probe_period = deployment["readiness"]["periodSeconds"]
        self.grace = deployment["terminationGrace"]
        metrics = experiment["metrics"]
        self.housekeeping, self.scrape_period = metrics["housekeeping"], metrics["scrape"]["period"]
        self.sync_period, self.sync_latency = metrics["sync"]["period"], sampler(metrics["sync"]["latency"], rng)
        scaler = experiment["autoscaler"]
        self.least, self.most = scaler["minReplicas"], scaler["maxReplicas"]
        self.target = scaler["metrics"][0]["target"]["averageUtilization"]
        self.replicas = self.least
        self.pods, self.endpoints = [], []
        self.timeline = [(0.0, self.replicas)]
        self.recommendations = []
        self.latencies = []
        self.arrived = self.failed = self.timed_out = 0

    # Requests

    def arrivals(self):
        rng, env = self.rng, self.env
        ends, segments, area = [], [], 0.0
        for index, point in enumerate(self.rates):
            until = self.rates[index + 1]["at"] if index + 1 < len(self.rates) else math.inf
            segments.append((point["at"], point["perSecond"], area))
            area += (until - point["at"]) * point["perSecond"]
            ends.append(area)
        cumulative = 0.0
        while True:
            cumulative += rng.expovariate(1.0)
            begin, rate, before = segments[bisect.bisect_left(ends, cumulative)]
            yield env.timeout(begin + (cumulative - before) / rate - env.now)
            self.arrived += 1
            tenant = self.tenants[0] if len(self.tenants) == 1 else rng.choices(self.tenants, self.shares)[0]
            rng.randrange(tenant["conversations"])
            prompt, output = max(1, round(self.prompt())), max(1, round(self.output()))
            if not self.endpoints:
                self.failed += 1
                continue
            env.process(self.request(rng.choice(self.endpoints), prompt, output))

    def request(self, pod, prompt, output):
        env, service = self.env, self.service
        arrived, me = env.now, env.active_process
        pod.held.add(me)
        self.account(pod)
        pod.backlog += service["backendPerRequest"]
        is_running = False
        try:
            with pod.slot.request() as turn:
                if not turn.triggered:
                    yield turn | env.timeout(self.timeout)
                    if not turn.triggered:
                        self.timed_out += 1
                        return
                self.account(pod)
                pod.is_running = is_running = True
                work = service["perRequest"] + service["perPromptToken"] * prompt + service["perOutputToken"] * output
                needed, left = work * self.residual() / self.speed, self.timeout - (env.now - arrived)
                yield env.timeout(min(needed, left))
                if needed <= left:
                    self.latencies.append(env.now - arrived)
                else:
                    self.timed_out += 1
        except simpy.Interrupt:
            self.failed += 1
        finally:
            if is_running:
                self.account(pod)
                pod.is_running = False
            pod.held.discard(me)
            if pod.is_terminating and not pod.held:
                self.end(pod)

    def account(self, pod):
        elapsed = self.env.now - pod.accounted_at
        if elapsed <= 0:
            return
        if pod.started_at <= self.env.now:
            busy = self.load_cpu if pod.is_loading else self.idle_llm
            pod.llm_cpu += elapsed * (self.speed if pod.is_running else busy)
            idle = elapsed * self.idle_backend
            work = min(pod.backlog, elapsed * self.backend_speed - idle)
            pod.backlog -= work
            pod.backend_cpu += idle + work
        pod.accounted_at = self.env.now

    # Pods

    def create_ready(self):
        pod = Pod(self, self.env.now - INITIAL_AGE)
        self.pods.append(pod)
        pod.scheduled_at = pod.started_at = pod.ready_at = pod.ready_changed_at = pod.created_at
        pod.is_ready = True
        self.endpoints.append(pod)
        self.start_containers(pod, is_initial=True)

    def start(self, pod):
        """A pod's way to traffic; it ends at any stage at which the pod is told to go."""
        env = self.env
        yield env.timeout(self.stage["schedule"]())
        if pod.is_terminating:
            return
        pod.scheduled_at = pod.ready_changed_at = env.now
        yield env.timeout(self.stage["image"]() + self.stage["containers"]())
        if pod.is_terminating:
            return
        self.account(pod)
        pod.started_at = env.now
        pod.is_loading = True
        self.start_containers(pod, is_initial=False)
        yield env.timeout(self.stage["modelLoad"]())
        if pod.is_terminating:
            return
        self.account(pod)
        pod.is_loading = False
        yield env.timeout(self.rng.random() * self.probe_period)
        if pod.is_terminating:
            return
        pod.is_ready = True
        pod.ready_at = pod.ready_changed_at = env.now
        yield env.timeout(self.stage["endpoints"]())
        if not pod.is_terminating:
            self.endpoints.append(pod)

    def start_containers(self, pod, is_initial):
        for container in range(2):
            pod.meters[container].started_at = pod.started_at
            delay = self.rng.random() * self.housekeeping["period"] if is_initial else 0
            self.env.process(self.keep_house(pod, container, delay))

    def converge(self):
        yield self.env.timeout(self.stage["create"]())
        active = [pod for pod in self.pods if not pod.is_terminating]
        for _ in range(self.replicas - len(active)):
            pod = Pod(self, self.env.now)
            self.pods.append(pod)
            self.env.process(self.start(pod))
        surplus = len(active) - self.replicas
        if surplus > 0:
            for pod in sorted(active, key=self.deletion_rank)[:surplus]:
                self.terminate(pod)

    def deletion_rank(self, pod):
        if math.isnan(pod.scheduled_at):
            state = 0
        elif math.isnan(pod.started_at):
            state = 1
        else:
            state = 3 if pod.is_ready else 2
        age = self.env.now - (pod.ready_at if pod.is_ready else pod.created_at)
        return state, math.trunc(math.log2(age * 1e9)) if age > 0 else -1, pod.tie_break

    def terminate(self, pod):
        if pod in self.endpoints:
            self.endpoints.remove(pod)
        pod.is_terminating = True
        if pod.held:
            self.env.process(self.kill_after_grace(pod))
        else:
            self.end(pod)

    def kill_after_grace(self, pod):
        yield self.env.timeout(self.grace)
        for process in list(pod.held):
            process.interrupt()

    def end(self, pod):
        if not pod.is_gone:
            pod.is_gone = True
            self.pods.remove(pod)

    # Metrics

    def keep_house(self, pod, container, delay):
        """cAdvisor reads a container's counter on a beat of its own."""
        env, meter = self.env, pod.meters[container]
        period, idle_period, jitter = (self.housekeeping[key] for key in ("period", "idlePeriod", "jitter"))
        yield env.timeout(delay)
        while not pod.is_gone:
            self.account(pod)
            cpu = pod.backend_cpu if container else pod.llm_cpu
            is_idle = meter.newest is not None and meter.newest[1] == cpu
            meter.newest = (env.now, cpu)
            yield env.timeout((idle_period if is_idle else period) * (1 + jitter * self.rng.random()))

    def scrape(self):
        """metrics-server keeps the last two points of each container and serves a pod once all containers have two."""
        yield self.env.timeout(self.rng.random() * self.scrape_period)
        while True:
            for pod in self.pods:
                if not math.isnan(pod.started_at):
                    self.scrape_pod(pod)
            yield self.env.timeout(self.scrape_period)

    def scrape_pod(self, pod):
        for meter in pod.meters:
            if meter.newest is None:
                meter.last = meter.previous = None
            else:
                meter.store(self.scrape_period)
        if any(meter.previous is None for meter in pod.meters):
            pod.served = None
            return
        oldest = min(pod.meters, key=lambda meter: meter.last[0])
        milli = 0
        for meter in pod.meters:
            (to, after), (since, before) = meter.last, meter.previous
            milli += math.ceil(math.floor((after - before) / (to - since) * 1e9) / 1e6)
        pod.served = (math.floor(oldest.last[0]), oldest.last[0] - oldest.previous[0], milli)

    # Autoscaler

    def control(self):
        yield self.env.timeout(self.rng.random() * self.sync_period)
        self.recommendations.append((self.env.now, self.replicas))
        while True:
            proposal = self.proposal()
            if proposal is not None:
                self.scale_to(self.limit(proposal))
            yield self.env.timeout(self.sync_period + self.sync_latency())

    def proposal(self):
        """Replicas that the CPU metric asks for, None when it cannot say."""
        counted, unready, missing = [], 0, 0
        for pod in self.pods:
            if pod.is_terminating:
                continue
            if math.isnan(pod.started_at):
                unready += 1
            elif pod.served is None:
                missing += 1
            elif self.counts(pod):
                counted.append(pod.served[2])
            else:
                unready += 1
        if not counted:
            return None
        ratio = self.usage_ratio(sum(counted), len(counted))
        counts_unready = unready > 0 and ratio > 1
        if not counts_unready and missing == 0:
            return self.replicas if self.is_tolerated(ratio) else math.ceil(ratio * len(counted))
        total, count = sum(counted), len(counted)
        if ratio != 1:
            count += missing
            total += missing * math.trunc(self.request_milli) if ratio < 1 else 0
        if ratio > 1:
            count += unready
        again = self.usage_ratio(total, count)
        wanted = math.ceil(again * count)
        is_held = (
            self.is_tolerated(again)
            or (ratio < 1 < again)
            or (again < 1 < ratio)
            or (again < 1 and wanted > self.replicas)
            or (again > 1 and wanted < self.replicas)
        )
        return self.replicas if is_held else wanted

    def counts(self, pod):
        now, (timestamp, window, _) = self.env.now, pod.served
        started, changed = math.floor(pod.scheduled_at), math.floor(pod.ready_changed_at)
        if now - started < CPU_INITIALIZATION_PERIOD:
            return pod.is_ready and timestamp - changed >= window
        return pod.is_ready or changed - started >= INITIAL_READINESS_DELAY

    def usage_ratio(self, milli, count):
        return math.trunc(milli * 100 / (self.request_milli * count)) / self.target

    @staticmethod
    def is_tolerated(ratio):
        return 1 - TOLERANCE <= ratio <= 1 + TOLERANCE

    def limit(self, proposal):
        now = self.env.now
        recent = [(at, was) for at, was in self.recommendations if now - at <= DOWNSCALE_STABILIZATION]
        self.recommendations = [*recent, (now, proposal)]
        stabilized = max(proposal, *(was for _, was in recent)) if recent else proposal
        return max(self.least, min(stabilized, self.most, max(2 * self.replicas, 4)))

    def scale_to(self, replicas):
        if replicas != self.replicas:
            self.replicas = replicas
            self.timeline.append((self.env.now, replicas))
            self.env.process(self.converge())

    def run(self):
        for _ in range(self.replicas):
            self.create_ready()
        self.env.process(self.scrape())
        self.env.run(until=0)
        self.env.process(self.arrivals())
        self.env.process(self.control())
        self.env.run(until=self.duration)


def result_of(model, seconds):
    ends = [at for at, _ in model.timeline[1:]] + [model.duration]
    pod_seconds = sum(replicas * (end - at) for (at, replicas), end in zip(model.timeline, ends))
    latencies = sorted(model.latencies)
    return {
        "seconds": seconds,
        "arrived": model.arrived,
        "figures": {
            "replicas": pod_seconds / model.duration,
            "mostReplicas": max(replicas for _, replicas in model.timeline),
            "latencySeconds": sum(latencies) / len(latencies),
            "p95Seconds": latencies[int(0.95 * len(latencies))],
            "availability": len(latencies) / (len(latencies) + model.timed_out + model.failed),
        },
    }


def main():
    task = json.load(sys.stdin)
    results = []
    for replication in task["replications"]:
        model = Model(task["experiment"], replication)
        start = time.perf_counter()
        model.run()
        results.append(result_of(model, time.perf_counter() - start))
    print(json.dumps(results))


main()
