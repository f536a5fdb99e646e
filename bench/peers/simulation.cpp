// The model of bench/sim.ts in C++ with std::priority_queue: Poisson arrivals, exponential service, first in, first out.
// Arguments: policy (round-robin, random, two-choices, least-request), servers, requests. Prints requests, CPU s, mean ms.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <queue>
#include <random>
#include <vector>

struct Event {
  double time;
  unsigned long order;
  int server;  // -1: an arrival
  bool operator<(const Event& other) const {
    return time > other.time || (time == other.time && order > other.order);
  }
};

struct Request {
  double arrived, service;
};

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const char* policy = argv[1];
  const int n = std::atoi(argv[2]);
  const long requests = std::atol(argv[3]);
  std::mt19937_64 random(42);
  std::exponential_distribution<double> gap(0.16 * n), service(0.2);
  std::uniform_int_distribution<int> any(0, n - 1), other(0, std::max(0, n - 2));
  std::priority_queue<Event> future;
  std::vector<std::deque<Request>> servers(n);
  unsigned long order = 0;
  int next = 0;
  auto pick = [&]() -> int {
    if (!std::strcmp(policy, "random")) return any(random);
    if (!std::strcmp(policy, "round-robin")) return next = (next + 1) % n;
    if (!std::strcmp(policy, "two-choices")) {
      int a = any(random), b = n > 1 ? other(random) : 0;
      if (n > 1 && b >= a) b++;
      return servers[b].size() < servers[a].size() ? b : a;
    }
    int best = next = (next + 1) % n;
    for (int i = 1; i < n; i++)
      if (servers[(next + i) % n].size() < servers[best].size()) best = (next + i) % n;
    return best;
  };
  long sent = 0, done = 0;
  double sum = 0;
  const clock_t began = std::clock();
  future.push({gap(random), order++, -1});
  while (done < requests) {
    const Event event = future.top();
    future.pop();
    if (event.server < 0) {
      if (++sent < requests) future.push({event.time + gap(random), order++, -1});
      const Request request{event.time, service(random)};
      const int at = pick();
      servers[at].push_back(request);
      if (servers[at].size() == 1) future.push({event.time + request.service, order++, at});
    } else {
      auto& line = servers[event.server];
      sum += event.time - line.front().arrived;
      line.pop_front();
      done++;
      if (!line.empty()) future.push({event.time + line.front().service, order++, event.server});
    }
  }
  std::printf("%ld %.6f %.6f\n", done, double(std::clock() - began) / CLOCKS_PER_SEC, sum / done);
}
