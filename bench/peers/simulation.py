"""The model of bench/sim.ts in SimPy 2. Arguments: policy, servers, requests. Prints requests, CPU s, mean ms."""

import random
import sys
import time

from SimPy.Simulation import Process, Resource, Simulation, hold, release, request

policy, n, requests = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
draw = random.Random(42)
world = Simulation()
servers = [Resource(capacity=1, sim=world) for _ in range(n)]
answered = [0, 0.0]


def load(server):
    return len(server.activeQ) + len(server.waitQ)


def pick(i):
    if policy == "random":
        return draw.choice(servers)
    if policy == "round-robin":
        return servers[i % n]
    if policy == "two-choices":
        return min(draw.sample(servers, min(2, n)), key=load)
    return min((servers[(i + k) % n] for k in range(n)), key=load)


class Request(Process):
    def run(self, server):
        arrived = self.sim.now()
        yield request, self, server
        yield hold, self, draw.expovariate(0.2)
        yield release, self, server
        answered[0] += 1
        answered[1] += self.sim.now() - arrived


class Arrivals(Process):
    def run(self):
        for i in range(requests):
            yield hold, self, draw.expovariate(0.16 * n)
            one = Request(sim=self.sim)
            self.sim.activate(one, one.run(pick(i)))


began = time.process_time()
world.initialize()
arrivals = Arrivals(sim=world)
world.activate(arrivals, arrivals.run())
world.simulate(until=1e18)
print(answered[0], time.process_time() - began, answered[1] / answered[0])
