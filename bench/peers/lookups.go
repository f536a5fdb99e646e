// Lookups a CPU-second in Go: a ring in a sorted slice with binary search, as Go's packages have it, and jump hash.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"syscall"
	"time"
)

const (
	batch   = 4096
	points  = 100
	sample  = 20 * time.Millisecond
	samples = 21
)

var sink int

type point struct {
	at     uint32
	server int
}

// mix is Murmur3's finaliser (Appleby, smhasher).
func mix(h uint32) uint32 {
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

func ring(servers int) func(uint32) int {
	circle := make([]point, 0, servers*points)
	for s := 0; s < servers; s++ {
		for j := 0; j < points; j++ {
			circle = append(circle, point{mix(uint32(s*points+j) + 0x9e3779b9), s})
		}
	}
	sort.Slice(circle, func(a, b int) bool { return circle[a].at < circle[b].at })
	return func(key uint32) int {
		h := mix(key)
		i := sort.Search(len(circle), func(i int) bool { return circle[i].at >= h })
		if i == len(circle) {
			i = 0
		}
		return circle[i].server
	}
}

// jump is Lamping, Veach 2014, figure 1.
func jump(servers int) func(uint32) int {
	return func(key uint32) int {
		state := uint64(mix(key))
		bucket, next := int64(-1), int64(0)
		for next < int64(servers) {
			bucket = next
			state = state*2862933555777941757 + 1
			next = int64(float64(bucket+1) * (float64(1<<31) / float64((state>>33)+1)))
		}
		return int(bucket)
	}
}

// cpu is the processor time of this process.
func cpu() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func once(lookup func(uint32) int, keys []uint32) float64 {
	began := cpu()
	batches := 0
	for cpu()-began < sample {
		for _, key := range keys {
			sink += lookup(key)
		}
		batches++
	}
	return float64(batches) * batch / (cpu() - began).Seconds()
}

// perSecond is the median over samples.
func perSecond(lookup func(uint32) int) float64 {
	random := rand.New(rand.NewSource(42))
	keys := make([]uint32, batch)
	for i := range keys {
		keys[i] = uint32(random.Intn(1 << 30))
	}
	once(lookup, keys)
	speeds := make([]float64, samples)
	for i := range speeds {
		speeds[i] = once(lookup, keys)
	}
	sort.Float64s(speeds)
	return speeds[samples/2]
}

// Arguments: the scheme, and numbers of servers; prints a number a line.
func main() {
	for _, text := range os.Args[2:] {
		servers, _ := strconv.Atoi(text)
		build := jump
		if os.Args[1] == "ring" {
			build = ring
		}
		fmt.Println(perSecond(build(servers)))
	}
}
