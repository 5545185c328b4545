"""M/M/1 in SimPy: the same model as bench/event-loop.js. Prints events a second, two for each customer."""
import random
import sys
import time

import simpy


def customer(env, server, service_rate, rng):
    with server.request() as turn:
        yield turn
        yield env.timeout(rng.expovariate(service_rate))


def source(env, server, arrival_rate, service_rate, rng, served):
    while True:
        yield env.timeout(rng.expovariate(arrival_rate))
        env.process(customer(env, server, service_rate, rng))
        served[0] += 1


env = simpy.Environment()
served = [0]
until = float(sys.argv[1])
env.process(source(env, simpy.Resource(env, 1), 0.8, 1.0, random.Random(1), served))
start = time.perf_counter()
env.run(until=until)
print(2 * served[0] / (time.perf_counter() - start))
