"""M/M/c in salabim: servers, load of each and time simulated in, events a second and mean sojourn time out, as JSON."""
import json
import random
import sys
import time

import salabim

salabim.yieldless(False)
count, load, until = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
rng = random.Random(1)
sojourns = [0.0, 0]


class Customer(salabim.Component):
    def process(self):
        arrived = self.env.now()
        yield self.request(servers)
        yield self.hold(rng.expovariate(1.0))
        self.release()
        sojourns[0] += self.env.now() - arrived
        sojourns[1] += 1


class Source(salabim.Component):
    def process(self):
        while True:
            yield self.hold(rng.expovariate(load * count))
            Customer()


env = salabim.Environment(trace=False)
servers = salabim.Resource(capacity=count)
Source()
start = time.perf_counter()
env.run(till=until)
seconds = time.perf_counter() - start
print(json.dumps({"eventsPerSecond": 2 * sojourns[1] / seconds, "meanSojourn": sojourns[0] / sojourns[1]}))
