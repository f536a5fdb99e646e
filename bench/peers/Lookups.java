/* Lookups a CPU-second in Java: a ring in a TreeMap, as most Java clients have it, and jump hash as Guava has it. */
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

public final class Lookups {
    private static final int BATCH = 4096;
    private static final int POINTS = 100;
    private static final long SAMPLE_NANOS = 20_000_000;
    private static final int SAMPLES = 21;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static long sink;

    interface Lookup {
        int of(int key);
    }

    /** Murmur3's finaliser (Appleby, smhasher). */
    static int mix(int h) {
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    static Lookup ring(int servers) {
        TreeMap<Integer, Integer> points = new TreeMap<>();
        for (int s = 0; s < servers; s++) for (int j = 0; j < POINTS; j++) points.put(mix(s * POINTS + j + 0x9e3779b9), s);
        return key -> {
            Map.Entry<Integer, Integer> found = points.ceilingEntry(mix(key));
            return (found == null ? points.firstEntry() : found).getValue();
        };
    }

    /** Lamping, Veach 2014, figure 1. */
    static Lookup jump(int servers) {
        return key -> {
            long state = mix(key) & 0xffffffffL;
            long bucket = -1;
            long next = 0;
            while (next < servers) {
                bucket = next;
                state = state * 2862933555777941757L + 1;
                next = (long) ((bucket + 1) * (2147483648.0 / ((state >>> 33) + 1)));
            }
            return (int) bucket;
        };
    }

    /** The median over samples, each of whole batches for about 20 ms of this thread's processor time. */
    static double perSecond(Lookup lookup) {
        int[] keys = new SplittableRandom(42).ints(BATCH, 0, 1 << 30).toArray();
        for (int warm = 0; warm < 5; warm++) sample(lookup, keys);
        double[] speeds = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) speeds[i] = sample(lookup, keys);
        Arrays.sort(speeds);
        return speeds[SAMPLES / 2];
    }

    static double sample(Lookup lookup, int[] keys) {
        long began = THREADS.getCurrentThreadCpuTime();
        long took = 0;
        long batches = 0;
        for (; took < SAMPLE_NANOS; batches++) {
            long sum = 0;
            for (int key : keys) sum += lookup.of(key);
            sink += sum;
            took = THREADS.getCurrentThreadCpuTime() - began;
        }
        return batches * (double) BATCH * 1e9 / took;
    }

    /** Arguments: the scheme, and numbers of servers; prints a number a line. */
    public static void main(String[] args) {
        for (int i = 1; i < args.length; i++) {
            int servers = Integer.parseInt(args[i]);
            System.out.println(perSecond(args[0].equals("ring") ? ring(servers) : jump(servers)));
        }
        if (sink == 42) System.err.println(sink);
    }
}
