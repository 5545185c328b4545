"""M/M/c in Ciw: servers, load of each and time simulated in, events a second and mean sojourn time out, as JSON."""
import json
import sys
import time

import ciw

count, load, until = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(rate=load * count)],
    service_distributions=[ciw.dists.Exponential(rate=1.0)],
    number_of_servers=[count],
)
ciw.seed(1)
simulation = ciw.Simulation(network)
start = time.perf_counter()
simulation.simulate_until_max_time(until)
seconds = time.perf_counter() - start
records = simulation.get_all_records()
sojourns = [record.exit_date - record.arrival_date for record in records]
print(json.dumps({"eventsPerSecond": 2 * len(sojourns) / seconds, "meanSojourn": sum(sojourns) / len(sojourns)}))
