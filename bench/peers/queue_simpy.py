"""M/M/c in SimPy: servers, load of each and time simulated in, events a second and mean sojourn time out, as JSON."""
import json
import random
import sys
import time

import simpy


def customer(env, servers, rng, sojourns):
    arrived = env.now
    with servers.request() as turn:
        yield turn
        yield env.timeout(rng.expovariate(1.0))
    sojourns[0] += env.now - arrived
    sojourns[1] += 1


def source(env, servers, arrival_rate, rng, sojourns):
    while True:
        yield env.timeout(rng.expovariate(arrival_rate))
        env.process(customer(env, servers, rng, sojourns))


count, load, until = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
env = simpy.Environment()
sojourns = [0.0, 0]
env.process(source(env, simpy.Resource(env, count), load * count, random.Random(1), sojourns))
start = time.perf_counter()
env.run(until=until)
seconds = time.perf_counter() - start
print(json.dumps({"eventsPerSecond": 2 * sojourns[1] / seconds, "meanSojourn": sojourns[0] / sojourns[1]}))
