// M/M/c on std::priority_queue: servers, load of each and time simulated in, events a second and mean number of customers
// in the system out, as JSON. The generator of random numbers is that of src/engine: xoshiro128**, two draws for 53 bits.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <vector>

struct Event {
	double time;
	int priority;
	std::uint64_t sequence;
	int kind;
	int subject;
	int stamp;
};

struct Later {
	bool operator()(const Event& a, const Event& b) const {
		if (a.time != b.time) return a.time > b.time;
		if (a.priority != b.priority) return a.priority > b.priority;
		return a.sequence > b.sequence;
	}
};

class RandomStream {
	std::uint32_t s[4];

	static std::uint32_t rotl(std::uint32_t x, int k) { return (x << k) | (x >> (32 - k)); }

	std::uint32_t next() {
		const std::uint32_t result = rotl(s[1] * 5, 7) * 9;
		const std::uint32_t t = s[1] << 9;
		s[2] ^= s[0];
		s[3] ^= s[1];
		s[1] ^= s[2];
		s[0] ^= s[3];
		s[2] ^= t;
		s[3] = rotl(s[3], 11);
		return result;
	}

public:
	explicit RandomStream(std::uint32_t seed) : s{seed, seed ^ 0x9e3779b9u, seed * 0x85ebca6bu + 1, ~seed} {
		for (int warm = 0; warm < 64; warm++) next();
	}

	double exponential() {
		const std::uint32_t high = next() >> 5;
		const std::uint32_t low = next() >> 6;
		return -std::log(1 - (high * 67108864.0 + low) / 9007199254740992.0);
	}
};

int main(int, char** argv) {
	const int servers = std::atoi(argv[1]);
	const double rate = std::atof(argv[2]) * servers;
	const double until = std::atof(argv[3]);
	enum { arrival, departure };
	std::priority_queue<Event, std::vector<Event>, Later> queue;
	RandomStream arrivals(1), services(2);
	std::uint64_t sequence = 0, events = 0;
	int inSystem = 0;
	double now = 0, area = 0;
	const auto schedule = [&](double time, int kind) { queue.push({time, kind, sequence++, kind, 0, 0}); };
	schedule(arrivals.exponential() / rate, arrival);
	const auto start = std::chrono::steady_clock::now();
	while (!queue.empty() && queue.top().time < until) {
		const Event event = queue.top();
		queue.pop();
		area += inSystem * (event.time - now);
		now = event.time;
		events++;
		switch (event.kind) {
		case arrival:
			if (inSystem++ < servers) schedule(now + services.exponential(), departure);
			schedule(now + arrivals.exponential() / rate, arrival);
			break;
		case departure:
			if (--inSystem >= servers) schedule(now + services.exponential(), departure);
			break;
		}
	}

	const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
	std::printf("{\"eventsPerSecond\": %.17g, \"meanInSystem\": %.17g}\n", events / seconds.count(), area / now);
}
