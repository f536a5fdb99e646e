/** What a container of ours may do: as little as it can run with. */
import type Docker from 'dockerode';

const MIB = 1024 * 1024;

/** No capability, no new privilege, no writable file but 16 MiB in memory, no swap, few processes, small logs. */
export function leastPrivilege(memoryMib: number): Docker.HostConfig {
  return {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Memory: memoryMib * MIB,
    MemorySwap: memoryMib * MIB,
    PidsLimit: 64,
    Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=16m' },
    RestartPolicy: { Name: 'no' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
  };
}
